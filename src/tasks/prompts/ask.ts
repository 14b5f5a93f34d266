import { TEXT_MAX_TOKENS, DETECT_MAX_TOKENS, SEGMENT_MAX_TOKENS, type Task } from './task.js';

/**
 * Any prompt, sent as it is. Its limit is that of the task whose prefix it begins with; no grammar constrains the
 * answer.
 */
export function askTask(prompt: string): Task {
  const [prefix] = prompt.trimStart().split(/\s/, 1);
  const maxTokens =
    prefix === 'segment' ? SEGMENT_MAX_TOKENS : prefix === 'detect' ? DETECT_MAX_TOKENS : TEXT_MAX_TOKENS;
  return { name: 'ask', prompt, maxTokens };
}
