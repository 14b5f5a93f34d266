import { buildTaskPrompt } from '../tokens/task-prompt.js';
import { DETECT_MAX_TOKENS, type Task } from './task.js';

/**
 * Boxes of things in the picture.
 * @param things one, or several separated by semicolons.
 * @throws {UsageError} nothing is named.
 */
export function detectTask(things: string): Task {
  const prompt = buildTaskPrompt('detect', { text: things });
  return { name: 'detect', prompt, maxTokens: DETECT_MAX_TOKENS, constraint: 'detect' };
}
