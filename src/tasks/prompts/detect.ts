import { splitThings } from '../../tokens/split-things.js';
import { buildTaskPrompt } from '../../tokens/task-prompt.js';
import { DETECT_MAX_TOKENS, type Task } from './task.js';

/**
 * Boxes of things in the picture.
 * @param list one thing, or several separated by semicolons.
 * @param isPerClass ask for each thing in a separate prompt.
 * @throws {UsageError} nothing is named.
 */
export function detectTask(list: string, isPerClass = false): Task {
  const prompt = buildTaskPrompt('detect', { text: list });
  const things = splitThings(list);
  const task: Task = {
    name: 'detect',
    prompt,
    maxTokens: DETECT_MAX_TOKENS,
    constraint: 'detect',
    things,
  };
  return isPerClass ? { ...task, parts: things.map((thing) => detectTask(thing)) } : task;
}
