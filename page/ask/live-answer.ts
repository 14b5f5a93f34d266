import type { TaskName } from '../../src/base/task-name.js';
import type { PageObject, ResultItem } from '../result-item.js';
import type { TaskEvent } from './ask-server.js';

/** What the model's own words for places are left out of, as they come. */
const PLACES = /<(?:loc|seg)\d+>/g;

/** An answer while it is written: what is known of it so far, as a result. */
export class LiveAnswer {
  readonly #objects = new Map<string, PageObject>();
  #words = '';
  #prompt = '';
  #result: ResultItem | undefined;

  /** @returns whether there is something new to show. @throws {Error} the answer broke off; the server's sentence. */
  take(event: TaskEvent): void {
    switch (event.event) {
      case 'start':
        this.#prompt = event.prompt;
        return;
      case 'token':
        this.#words += event.text;
        return;
      case 'box': {
        const { label, score, box } = event;
        const known = this.#objects.get(keyOf(event));
        this.#objects.set(keyOf(event), {
          ...known,
          box,
          ...(label !== undefined && { label, score: score! }),
        });
        return;
      }
      case 'mask': {
        const known = this.#objects.get(keyOf(event));
        if (known !== undefined) this.#objects.set(keyOf(event), { ...known, mask: event.mask });
        return;
      }
      case 'done':
        this.#result = event.result;
        return;
      case 'error':
        throw new Error([event.error.message, event.error.hint ?? ''].join(' ').trim());
    }
  }

  get isDone(): boolean {
    return this.#result !== undefined;
  }

  /** @param task and `input` of the question: they stand in the result from the beginning. */
  toItem(task: TaskName, input: string): ResultItem {
    if (this.#result !== undefined) return this.#result;
    const detections = [...this.#objects.values()];
    const text = detections.length > 0 ? '' : this.#words.replace(PLACES, '').trimStart();
    return { input, task, prompt: this.#prompt, text, detections };
  }
}

function keyOf({
  index,
  promptNumber,
  tileNumber,
}: {
  index: number;
  promptNumber?: number;
  tileNumber?: number;
}): string {
  return `${promptNumber ?? 0} ${tileNumber ?? 0} ${index}`;
}
