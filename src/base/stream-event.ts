import type { Detection } from './detection.js';
import type { TaskName } from './task-name.js';
import type { ResultError, ResultToken, TaskResult } from './task-result.js';

/** A box, and of its detection as much as is known. */
export type FoundBox = Pick<Detection, 'box' | 'bins'> & Partial<Detection>;

/**
 * What happens while inputs are answered, for --stream. Each input has one `start`, then tokens and boxes as they
 * come, masks when they are decoded, and one `done` or `error` at its end. Events of inputs that are under way at
 * the same time are mixed: `inputNumber`, from 0 in the order of the inputs, tells them apart.
 */
export type StreamEvent = { readonly inputNumber: number } & (
  | { readonly type: 'start'; readonly input: string; readonly task: TaskName; readonly prompt: string }
  | { readonly type: 'token'; readonly token: ResultToken }
  /**
   * Box `index` (from 0) of the answer: without label and score as soon as its fourth coordinate is there, and
   * once more, whole, when it is known. What a repetition takes back is in no `done`.
   */
  | {
      readonly type: 'box';
      readonly index: number;
      readonly detection: FoundBox;
    }
  | { readonly type: 'mask'; readonly index: number; readonly mask: NonNullable<Detection['mask']> }
  | { readonly type: 'done'; readonly result: TaskResult }
  | { readonly type: 'error'; readonly input: string; readonly error: ResultError }
);
