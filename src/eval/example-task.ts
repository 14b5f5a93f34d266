import { askTask } from '../tasks/prompts/ask.js';
import { answerTask } from '../tasks/prompts/answer.js';
import { captionTask } from '../tasks/prompts/caption.js';
import { describeTask } from '../tasks/prompts/describe.js';
import { detectTask } from '../tasks/prompts/detect.js';
import { ocrTask } from '../tasks/prompts/ocr.js';
import { questionTask } from '../tasks/prompts/question.js';
import { segmentTask } from '../tasks/prompts/segment.js';
import type { Task } from '../tasks/prompts/task.js';
import type { TaskName } from '../base/task-name.js';
import type { Example } from './example.js';

/** How examples are asked about. */
export interface PromptOptions {
  /** Asked instead of the data set's own task. */
  readonly task?: TaskName | undefined;
  /** Sent instead of the usual prompt, with the question or the things in the place of `{text}`. */
  readonly template?: string | undefined;
  /** Of questions and captions; English where absent. */
  readonly language?: string | undefined;
  /** Ask for each thing in a prompt of its own. */
  readonly isPerClass?: boolean;
}

/** More things than these in one prompt are unlike anything that the model was trained on. */
const MOST_TOGETHER = 10;

/**
 * What to ask about an example.
 * @throws {UsageError} an unknown language.
 */
export function exampleTask({ task, text, isPrompt }: Example, options: PromptOptions): Task {
  const { template, language, isPerClass = false } = options;
  if (template !== undefined) return promptTask(template.replaceAll('{text}', text), isPerClass);
  if (isPrompt === true && options.task === undefined) return promptTask(text, isPerClass);
  const perClass = isPerClass || text.split(';').length > MOST_TOGETHER;
  switch (options.task ?? task) {
    case 'caption':
      return captionTask({ language });
    case 'describe':
      return describeTask(language);
    case 'detect':
      return detectTask(text, perClass);
    case 'segment':
      return segmentTask(text, perClass);
    case 'answer':
      return answerTask(text, language);
    case 'question':
      return questionTask(text, language);
    case 'ocr':
      return ocrTask();
    case 'ask':
      return askTask(text);
  }
}

/** A prompt as it stands; the grammar of boxes holds where it asks for them. */
function promptTask(prompt: string, isPerClass: boolean): Task {
  const [, word, things] = /^\s*(detect|segment)\s+(.+)$/s.exec(prompt) ?? [];
  if (word === undefined) return askTask(prompt);
  return word === 'detect' ? detectTask(things, isPerClass) : segmentTask(things, isPerClass);
}
