import { describeError, type ExitCode } from '../../base/errors.js';
import type { RgbImage } from '../../base/image.js';
import type { TaskResult } from '../../base/task-result.js';

/** One input's result. */
export interface TaskOutput {
  readonly result: TaskResult;
  /** If each input gets several answers: which one this is, from 0. */
  readonly answerNumber?: number;
  /** The first picture, when there is an answer and `keepsImages` is set. */
  readonly image?: RgbImage;
  /** The answer of an earlier run, from its journal. */
  readonly isRecalled?: boolean;
  /** The exit code for the input's error; ok if there is none. */
  readonly exitCode: ExitCode;
  /** What was thrown, if there is an error: its stack shows where a bug is. */
  readonly thrown?: unknown;
}

/** The result of an input that failed. */
export function toFailure(error: unknown, known: TaskResult): TaskOutput {
  const { exitCode, ...fields } = describeError(error);
  return { result: { ...known, error: fields }, exitCode, thrown: error };
}
