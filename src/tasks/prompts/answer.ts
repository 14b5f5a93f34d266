import { buildTaskPrompt } from '../../tokens/task-prompt.js';
import { TEXT_MAX_TOKENS, type Task } from './task.js';

/**
 * The answer to a question about the picture.
 * @param language of question and answer; English when absent.
 * @throws {UsageError} there is no question, or the model does not know the language.
 */
export function answerTask(question: string, language?: string): Task {
  const prompt = buildTaskPrompt('answer', { text: question, language });
  return { name: 'answer', prompt, maxTokens: TEXT_MAX_TOKENS };
}
