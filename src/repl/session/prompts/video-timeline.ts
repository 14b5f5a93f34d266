import { isObjectResult, type TaskResult } from '../../../base/task-result.js';
import type { Moment } from '../state/video-state.js';

/** Live input may show the same for days: then a moment ends after so many answers, and the next one says it again. */
export const MAX_LIVE_MOMENT = 1000;

/** Groups frames with the same answer into moments, as they arrive. */
export class VideoTimeline {
  /** The moment that the next frame may extend. */
  open: Moment | undefined;
  /** Labels of objects in the order in which they first appeared, those asked for first. */
  readonly labels: string[];
  readonly #maxResults: number;
  #key = '';

  /** @param maxResults the most that a moment has; Infinity for any number. */
  constructor(things: readonly string[], maxResults: number) {
    this.labels = [...things];
    this.#maxResults = maxResults;
  }

  /** @returns the moment that ends because this frame's result differs, or because it is long enough. */
  add(result: TaskResult): Moment | undefined {
    for (const { label } of result.detections ?? []) {
      if (!this.labels.includes(label)) this.labels.push(label);
    }
    const { timeSeconds = 0 } = result.frame ?? {};
    const key = answerKey(result);
    const before = this.open;
    if (before !== undefined && key === this.#key && before.results.length < this.#maxResults) {
      this.open = { ...before, results: [...before.results, result], lastSeconds: timeSeconds };
      return undefined;
    }
    this.#key = key;
    this.open = { results: [result], startSeconds: timeSeconds, lastSeconds: timeSeconds };
    return before;
  }

  /** The last moment. */
  end(): Moment | undefined {
    const last = this.open;
    this.open = undefined;
    return last;
  }
}

/** What was found in a frame and how many of each, in the order of `labels`; with ids where objects have them. */
export function countObjects(
  { detections = [], frame }: TaskResult,
  labels: readonly string[],
): { readonly label: string; readonly count: number; readonly ids: readonly number[] }[] {
  const found = new Map<string, { count: number; ids: number[] }>();
  for (const [index, { label }] of detections.entries()) {
    const one = found.get(label) ?? { count: 0, ids: [] };
    found.set(label, one);
    one.count++;
    const id = frame?.trackIds?.[index];
    if (id !== undefined) one.ids.push(id);
  }
  return [...found]
    .sort(([a], [b]) => labels.indexOf(a) - labels.indexOf(b))
    .map(([label, { count, ids }]) => ({ label, count, ids: ids.sort((a, b) => a - b) }));
}

/** Equal for frames with the same answer: the same text, or the same objects in the same numbers. */
function answerKey(result: TaskResult): string {
  if (result.error !== undefined) return `error\n${result.error.message}`;
  if (!isObjectResult(result)) return `text\n${result.text ?? ''}`;
  const counts = countObjects(result, []).map(({ label, count, ids }) => `${label}\t${count}\t${ids.join()}`);
  return `objects\n${counts.sort().join('\n')}`;
}
