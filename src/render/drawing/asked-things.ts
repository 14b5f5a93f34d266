import { isObjectTask } from '../../base/task-name.js';
import type { TaskResult } from '../../base/task-result.js';

/** What a detect or segment result was asked to find, in that order; empty for other tasks. */
export function askedThings({ task, prompt }: Pick<TaskResult, 'task' | 'prompt'>): string[] {
  if (!isObjectTask(task)) return [];
  const lists = prompt.split('\n').map((line) => line.replace(/^(?:detect|segment) /, ''));
  const things = lists.flatMap((list) => list.split(';')).map((thing) => thing.trim());
  return [...new Set(things)].filter((thing) => thing !== '');
}
