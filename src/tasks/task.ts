import type { Size } from '../base/geometry.js';
import type { TaskName } from '../base/task-name.js';
import type { Constraint } from '../engine/engine.js';

/** One task with its arguments: what to send, how long the answer may be, and what the answer is. */
export interface Task {
  readonly name: TaskName;
  /** As it is sent to the model; where it depends on the picture, what is known before the picture is. */
  readonly prompt: string;
  /** For a prompt that speaks of places in the picture. */
  readonly promptFor?: (picture: Size) => string;
  /** Tokens to generate at most unless the user says otherwise. */
  readonly maxTokens: number;
  /** The grammar that the answer may be held to. */
  readonly constraint?: Constraint;
}

/** Room for a sentence or a page of large print. */
export const TEXT_MAX_TOKENS = 128;
/** Room for about 40 boxes with short labels (4 location tokens, label, separator). */
export const DETECT_MAX_TOKENS = 256;
/** Room for about 20 masks (4 location and 16 segmentation tokens, label, separator). */
export const SEGMENT_MAX_TOKENS = 512;
