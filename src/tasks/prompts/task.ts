import type { Size } from '../../base/geometry.js';
import type { TaskName } from '../../base/task-name.js';
import type { Constraint } from '../../engine/engine.js';

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
  /** What detect and segment look for, as the user names it. */
  readonly things?: readonly string[];
  /** Asked one by one, and the answers put together; this task's own prompt is then not sent. */
  readonly parts?: readonly Task[];
}

/** What is sent, a prompt a line where it is sent in parts. */
export function promptOf(task: Task): string {
  return task.parts?.map(({ prompt }) => prompt).join('\n') ?? task.prompt;
}

/** Room for a sentence or a page of large print. */
export const TEXT_MAX_TOKENS = 128;
/** Room for about 40 boxes with short labels (4 location tokens, label, separator). */
export const DETECT_MAX_TOKENS = 256;
/** Room for about 20 masks (4 location and 16 segmentation tokens, label, separator). */
export const SEGMENT_MAX_TOKENS = 512;
