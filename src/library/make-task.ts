import { UsageError } from '../base/errors.js';
import { taskNames, type TaskName } from '../base/task-name.js';
import { answerTask } from '../tasks/prompts/answer.js';
import { askTask } from '../tasks/prompts/ask.js';
import { captionTask } from '../tasks/prompts/caption.js';
import { describeTask } from '../tasks/prompts/describe.js';
import { detectTask } from '../tasks/prompts/detect.js';
import { ocrTask } from '../tasks/prompts/ocr.js';
import { questionTask } from '../tasks/prompts/question.js';
import { segmentTask } from '../tasks/prompts/segment.js';
import type { Task } from '../tasks/prompts/task.js';
import type { ReadOptions } from './read-options.js';

/** Tasks without words before the picture. */
const WORDLESS: readonly TaskName[] = ['caption', 'describe', 'ocr'];

/** The arguments of a call, apart. */
export interface CallParts {
  /** The question, the things to find, the prompt; absent for tasks without one. */
  readonly words: string | undefined;
  /** A picture, pictures or a video. */
  readonly subject: unknown;
  readonly options: unknown;
}

/** @throws {UsageError} there is no such task, or its words are missing. */
export function splitCall(name: TaskName, call: readonly unknown[]): CallParts {
  if (!taskNames.includes(name)) {
    throw new UsageError('TASK_UNKNOWN', `There is no task '${String(name)}'.`, {
      hint: `There is: ${taskNames.join(', ')}.`,
    });
  }
  if (WORDLESS.includes(name)) return { words: undefined, subject: call[0], options: call[1] };
  const [words, subject, options] = call;
  if (typeof words === 'string') return { words, subject, options };
  throw new UsageError('USAGE', `${name} needs a text first, then the picture.`);
}

/** @throws {UsageError} an empty text, or a language that the model does not know. */
export function makeTask(name: TaskName, words: string = '', options: ReadOptions): Task {
  const { lang, short = false, region, perClass = false } = options;
  switch (name) {
    case 'caption':
      return captionTask({ language: lang, isShort: short, region });
    case 'describe':
      return describeTask(lang);
    case 'ocr':
      return ocrTask();
    case 'answer':
      return answerTask(words, lang);
    case 'question':
      return questionTask(words, lang);
    case 'detect':
      return detectTask(words, perClass);
    case 'segment':
      return segmentTask(words, perClass);
    case 'ask':
      return askTask(words);
  }
}
