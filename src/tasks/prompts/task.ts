import type { Size } from '../../base/geometry.js';
import type { TaskName } from '../../base/task-name.js';
import type { Constraint } from '../../engine/engine.js';

/** One task with its arguments: what to send, how long the answer may be, and what the answer is. */
export interface Task {
  readonly name: TaskName;
  /** As sent to the model; if it depends on the picture, what is known of it before the picture is. */
  readonly prompt: string;
  /** For a prompt that refers to places in the picture. */
  readonly promptFor?: (picture: Size) => string;
  /** With `promptFor`: tells tasks apart whose prompts would be the same for some pictures. */
  readonly variant?: string;
  /** Maximum number of tokens to generate, unless the user sets another limit. */
  readonly maxTokens: number;
  /** The grammar that the answer can be constrained to. */
  readonly constraint?: Constraint;
  /** What detect and segment look for, as the user wrote it. */
  readonly things?: readonly string[];
  /** Asked one by one, with the answers combined; this task's own prompt is then not sent. */
  readonly parts?: readonly Task[];
}

/** What is sent, with one prompt per line if it is sent in parts. */
export function promptOf(task: Task): string {
  return task.parts?.map(({ prompt }) => prompt).join('\n') ?? task.prompt;
}

/** Enough for a sentence or a page of large print. */
export const TEXT_MAX_TOKENS = 128;
/** Enough for about 40 boxes with short labels (4 location tokens, label, separator). */
export const DETECT_MAX_TOKENS = 256;
/** Enough for about 20 masks (4 location and 16 segmentation tokens, label, separator). */
export const SEGMENT_MAX_TOKENS = 512;
