import { buildTaskPrompt } from '../../tokens/task-prompt.js';
import { TEXT_MAX_TOKENS, type Task } from './task.js';

/**
 * A question about the picture that has this answer.
 * @param language of answer and question; English when absent.
 * @throws {UsageError} there is no answer, or the model does not know the language.
 */
export function questionTask(answer: string, language?: string): Task {
  const prompt = buildTaskPrompt('question', { text: answer, language });
  return { name: 'question', prompt, maxTokens: TEXT_MAX_TOKENS };
}
