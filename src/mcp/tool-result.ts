import type { CallToolResult } from '@modelcontextprotocol/server';
import { describeError } from '../base/errors.js';
import type { Detection } from '../base/detection.js';
import type { Size } from '../base/geometry.js';
import type { TaskResult } from '../base/task-result.js';
import { MAX_OBJECTS } from './tool-schemas.js';

/** Longest text of a result, characters; a model's answer is far below. */
const MAX_TEXT = 20_000;

/** An answer in words. */
export function toTextResult({ text = '', truncated = false }: TaskResult): CallToolResult {
  const shown = text.slice(0, MAX_TEXT);
  return {
    content: [{ type: 'text', text: shown === '' ? '(nothing)' : shown }],
    structuredContent: { text: shown, truncated },
  };
}

/** The objects of an answer: a line each, and once more as fields. */
export function toObjectsResult(result: TaskResult): CallToolResult {
  const { detections = [], image = { width: 0, height: 0 }, truncated = false } = result;
  const { width, height } = image;
  const objects = detections.slice(0, MAX_OBJECTS).map(toObject);
  const lines = objects.map(({ label, score, box }) => `${label || '-'}\t${score}\t${box.join('\t')}`);
  const more = detections.length - objects.length;
  const text = [
    detections.length === 0 ? 'Nothing was found.' : 'label\tscore\tleft\ttop\tright\tbottom',
    ...lines,
    ...(more > 0 ? [`and ${more} more`] : []),
    ...(truncated ? ['The answer was cut at its limit: there may be more.'] : []),
    sizeSentence(image),
  ].join('\n');
  return {
    content: [{ type: 'text', text: text.slice(0, MAX_TEXT) }],
    structuredContent: { picture: { width, height }, objects, found: detections.length, truncated },
  };
}

/** A JPEG, and words about it. */
export function toPreview(jpeg: Uint8Array, words: CallToolResult['content']): CallToolResult {
  const data = Buffer.from(jpeg).toString('base64');
  return { content: [{ type: 'image', data, mimeType: 'image/jpeg' }, ...words] };
}

/** What is said of a picture that was not asked about. */
export function describeSize(picture: Size): CallToolResult['content'] {
  return [{ type: 'text', text: sizeSentence(picture) }];
}

function sizeSentence({ width, height }: Size): string {
  return `The picture is ${width} x ${height} pixels.`;
}

/** What went wrong, for the model that called the tool: it may try otherwise. */
export function toErrorResult(error: unknown): CallToolResult {
  const { code, message, hint = '' } = describeError(error);
  const text = code === 'BUG' ? 'pali failed: this is a bug.' : `${message} ${hint}`.trim();
  return { content: [{ type: 'text', text: text.slice(0, MAX_TEXT) }], isError: true };
}

interface FoundObject {
  readonly label: string;
  readonly score: number;
  readonly box: readonly number[];
}

function toObject({ label, score, box: { x0, y0, x1, y1 } }: Detection): FoundObject {
  return {
    label: label.slice(0, 100),
    score: Number(score.toFixed(2)),
    box: [x0, y0, x1, y1].map(Math.round),
  };
}
