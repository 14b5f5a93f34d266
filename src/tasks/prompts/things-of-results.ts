import { isObjectTask } from '../../base/task-name.js';
import type { TaskResult } from '../../base/task-result.js';
import { splitThings } from '../../tokens/split-things.js';

/** What the detect and segment prompts asked for, in the same order. */
export function thingsOfResults(results: readonly TaskResult[]): string[] {
  const lines = results
    .filter(({ task }) => isObjectTask(task))
    .flatMap(({ prompt }) =>
      prompt.split('\n').map((line) => line.replace(/^(?:detect|segment) /, '').trim()),
    );
  return [...new Set([...new Set(lines)].filter((line) => line !== '').flatMap(splitThings))];
}
