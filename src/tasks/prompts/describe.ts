import { buildTaskPrompt } from '../../tokens/task-prompt.js';
import { TEXT_MAX_TOKENS, type Task } from './task.js';

/**
 * A detailed description of the picture.
 * @param language English when absent.
 * @throws {UsageError} the model does not know the language.
 */
export function describeTask(language?: string): Task {
  return { name: 'describe', prompt: buildTaskPrompt('describe', { language }), maxTokens: TEXT_MAX_TOKENS };
}
