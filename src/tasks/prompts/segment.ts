import { splitThings } from '../../tokens/split-things.js';
import { buildTaskPrompt } from '../../tokens/task-prompt.js';
import { SEGMENT_MAX_TOKENS, type Task } from './task.js';

/**
 * Masks of things in the picture.
 * @param list one thing, or several separated by semicolons.
 * @param isPerClass ask for each thing in a separate prompt.
 * @throws {UsageError} nothing is named.
 */
export function segmentTask(list: string, isPerClass = false): Task {
  const prompt = buildTaskPrompt('segment', { text: list });
  const things = splitThings(list);
  const task: Task = {
    name: 'segment',
    prompt,
    maxTokens: SEGMENT_MAX_TOKENS,
    constraint: 'segment',
    things,
  };
  return isPerClass ? { ...task, parts: things.map((thing) => segmentTask(thing)) } : task;
}
