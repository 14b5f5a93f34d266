import { buildTaskPrompt } from '../../tokens/task-prompt.js';
import { TEXT_MAX_TOKENS, type Task } from './task.js';

/**
 * The picture at length.
 * @param language English when absent.
 * @throws {UsageError} a language that the model does not know.
 */
export function describeTask(language?: string): Task {
  return { name: 'describe', prompt: buildTaskPrompt('describe', { language }), maxTokens: TEXT_MAX_TOKENS };
}
