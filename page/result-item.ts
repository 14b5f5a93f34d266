import type { Box, Size } from '../src/base/geometry.js';
import type { MaskRle } from '../src/base/mask-rle.js';
import type { TaskName } from '../src/base/task-name.js';

/** An object as docs/result.schema.json has it; while it is decoded, as much of it as is known. */
export interface PageObject {
  readonly label?: string;
  readonly score?: number;
  readonly box: Box;
  readonly mask?: MaskRle;
}

/** A result as docs/result.schema.json has it, and what the page needs besides. */
export interface ResultItem {
  readonly input: string;
  readonly task: TaskName;
  readonly prompt: string;
  readonly image?: Size;
  readonly text?: string;
  readonly truncated?: boolean;
  readonly detections?: readonly PageObject[];
  readonly frame?: { readonly index: number; readonly timeSeconds: number };
  readonly error?: { readonly code: string; readonly message: string; readonly hint?: string };
  /** A data URI, or an address of the page's own server; not part of the result. */
  readonly picture?: string;
}

/** The result alone, as JSON. */
export function toJson(item: ResultItem): string {
  return JSON.stringify({ ...item, picture: undefined }, null, 2);
}

/** What a result is about: the file's name without its folders, and the time within a video. */
export function nameOf({ input, frame }: ResultItem): string {
  const name =
    input
      .replace(/[\\/]+$/, '')
      .split(/[\\/]/)
      .at(-1) || input;
  return frame === undefined ? name : `${name} · ${formatSeconds(frame.timeSeconds)}`;
}

/** What an object is called: models may give none. */
export function labelOf({ label }: PageObject): string {
  return label === undefined || label === '' ? 'object' : label;
}

function formatSeconds(seconds: number): string {
  const minutes = Math.floor(seconds / 60);
  return `${minutes}:${(seconds - minutes * 60).toFixed(2).padStart(5, '0')}`;
}
