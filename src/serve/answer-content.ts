import { parseRecords } from '../answers/parse-records.js';
import type { TaskResult } from '../base/task-result.js';
import { toDetectionObject } from '../render/formats/result-object.js';
import { isObjectResult } from '../base/task-result.js';

/**
 * An answer as the text of a message. Objects are one per line, `label x0,y0 x1,y1 score`, in pixels of the first
 * picture: many clients keep only the text.
 */
export function toContent(result: TaskResult, isJson: boolean): string {
  if (isJson) return JSON.stringify(toJsonContent(result));
  if (!isObjectResult(result)) return result.text ?? '';
  const lines = (result.detections ?? []).map(({ label, score, box: { x0, y0, x1, y1 } }) => {
    const [left, top, right, bottom] = [x0, y0, x1, y1].map(Math.round);
    return `${label} ${left},${top} ${right},${bottom} ${score.toFixed(2)}`.trimStart();
  });
  return lines.join('\n');
}

/** What clients that keep our extra fields find beside the text. */
export function toDetails(result: TaskResult): Record<string, unknown> {
  const { task, prompt, image, detections, rejected } = result;
  return {
    task,
    prompt,
    ...(image && { image }),
    ...(detections && { detections: detections.map(toDetectionObject) }),
    ...(rejected && { rejected }),
  };
}

function toJsonContent(result: TaskResult): Record<string, unknown> {
  if (!isObjectResult(result)) return { text: result.text ?? '' };
  return { detections: (result.detections ?? []).map(toDetectionObject) };
}

/** The content of an answer that is still being written, in pieces. */
export class GrowingContent {
  readonly #isJson: boolean;
  #raw = '';
  #told = '';

  constructor(isJson: boolean) {
    this.#isJson = isJson;
  }

  /** @returns what a token adds to the text: nothing for objects, which are sent when they are complete. */
  push(tokenText: string): string {
    this.#raw += tokenText;
    if (this.#isJson) return '';
    const { records, rejected, text } = parseRecords(this.#raw);
    if (records.length > 0 || rejected.length > 0 || !text.startsWith(this.#told)) return '';
    const delta = text.slice(this.#told.length);
    this.#told = text;
    return delta;
  }

  /** @returns what is still missing at the end. */
  finish(result: TaskResult): string {
    const content = toContent(result, this.#isJson);
    if (content.startsWith(this.#told)) return content.slice(this.#told.length);
    // Text was taken back, as when it repeats itself: what was already sent stands.
    return '';
  }
}
