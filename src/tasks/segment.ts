import { buildTaskPrompt } from '../tokens/task-prompt.js';
import { SEGMENT_MAX_TOKENS, type Task } from './task.js';

/**
 * Masks of things in the picture.
 * @param things one, or several separated by semicolons.
 * @throws {UsageError} nothing is named.
 */
export function segmentTask(things: string): Task {
  const prompt = buildTaskPrompt('segment', { text: things });
  return { name: 'segment', prompt, maxTokens: SEGMENT_MAX_TOKENS, constraint: 'segment' };
}
