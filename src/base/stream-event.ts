import type { Detection } from './detection.js';
import type { TaskName } from './task-name.js';
import type { ResultError, ResultFrame, ResultToken, TaskResult } from './task-result.js';

/** A box, and as much of its detection as is known. */
export type FoundBox = Pick<Detection, 'box' | 'bins'> & Partial<Detection>;

/** Which of the answers in progress an event belongs to. All numbers start at 0. */
export interface EventPlace {
  /** In the order of the inputs. */
  readonly inputNumber: number;
  /** With several answers to each input: which. */
  readonly answerNumber?: number;
  /** With one prompt per thing: which prompt, in the order of `start`. */
  readonly promptNumber?: number;
  /** With tiles: which tile; 0 is the whole picture, the tiles follow row by row. */
  readonly tileNumber?: number;
}

/**
 * What happens while inputs are answered, for --stream. Each input has one `start`, then tokens and boxes as they
 * come, masks when they are decoded, and `error` or one `done` for each answer at its end. Events of answers in
 * progress at the same time are interleaved; their place tells them apart.
 */
export type StreamEvent = EventPlace &
  (
    | {
        readonly type: 'start';
        readonly input: string;
        readonly task: TaskName;
        readonly prompt: string;
        /** Present when the input is a video: each of its frames counts as an input. */
        readonly frame?: Pick<ResultFrame, 'index' | 'timeSeconds'>;
      }
    | { readonly type: 'token'; readonly token: ResultToken }
    /**
     * Box `index` (from 0) of the answer, in the whole picture: without label and score as soon as its fourth
     * coordinate is known, and again when it is complete. A box that is dropped as a repetition, or merged with one
     * of another tile, is not in `done`. Boxes of a result have no prompt or tile.
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
