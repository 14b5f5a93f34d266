import type { Detection } from './detection.js';
import type { TaskName } from './task-name.js';
import type { ResultError, ResultFrame, ResultToken, TaskResult } from './task-result.js';

/** A box, and of its detection as much as is known. */
export type FoundBox = Pick<Detection, 'box' | 'bins'> & Partial<Detection>;

/** Which of the answers under way an event belongs to. All numbers are from 0. */
export interface EventPlace {
  /** In the order of the inputs. */
  readonly inputNumber: number;
  /** With several answers to each input: which. */
  readonly answerNumber?: number;
  /** With a prompt for each thing: which, in the order of the prompts in `start`. */
  readonly promptNumber?: number;
  /** With tiles: which; 0 is the whole picture, the tiles follow row by row. */
  readonly tileNumber?: number;
}

/**
 * What happens while inputs are answered, for --stream. Each input has one `start`, then tokens and boxes as they
 * come, masks when they are decoded, and `error` or one `done` for each answer at its end. Events of answers that are
 * under way at the same time are mixed: their place tells them apart.
 */
export type StreamEvent = EventPlace &
  (
    | {
        readonly type: 'start';
        readonly input: string;
        readonly task: TaskName;
        readonly prompt: string;
        /** There when the input is a video: each of its frames counts as an input. */
        readonly frame?: Pick<ResultFrame, 'index' | 'timeSeconds'>;
      }
    | { readonly type: 'token'; readonly token: ResultToken }
    /**
     * Box `index` (from 0) of the answer, in the whole picture: without label and score as soon as its fourth
     * coordinate is there, and once more, whole, when it is known. What a repetition takes back, or is put together
     * with the box of another tile, is in no `done`. Boxes of a result have no prompt or tile.
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
