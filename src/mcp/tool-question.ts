import { answerTask } from '../tasks/prompts/answer.js';
import { captionTask } from '../tasks/prompts/caption.js';
import { describeTask } from '../tasks/prompts/describe.js';
import { detectTask } from '../tasks/prompts/detect.js';
import { ocrTask } from '../tasks/prompts/ocr.js';
import { segmentTask } from '../tasks/prompts/segment.js';
import type { Task } from '../tasks/prompts/task.js';
import type { TaskOutput } from '../tasks/answers/task-output.js';
import type { TaskInput } from '../tasks/inputs/task-input.js';
import type { ToolArguments, ToolName } from './tool-schemas.js';

/** One prompt that a tool asks. */
export interface ToolQuestion {
  readonly task: Task;
  readonly input: TaskInput;
  readonly minScore: number | undefined;
  /** Give the decoded picture with the result. */
  readonly keepsImages: boolean;
  /** Told at each token. */
  readonly onToken: () => void;
  readonly signal: AbortSignal;
}

/** Puts a question to a model. An answer that failed is an output with an error, or thrown. */
export type AskModel = (question: ToolQuestion) => Promise<TaskOutput>;

/** What a tool asks; undefined where it only shows the picture. @throws {UsageError} */
export function makeToolTask(
  name: ToolName,
  { length, question = '', language, things = '' }: ToolArguments,
): Task | undefined {
  switch (name) {
    case 'caption':
      return length === 'long'
        ? describeTask(language)
        : captionTask({ language, isShort: length === 'short' });
    case 'answer':
      return answerTask(question, language);
    case 'read_text':
      return ocrTask();
    case 'segment':
      return segmentTask(things);
    case 'detect':
      return detectTask(things);
    case 'look':
      return things === '' ? undefined : detectTask(things);
  }
}
