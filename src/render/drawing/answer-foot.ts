import { isObjectResult, type TaskResult } from '../../base/task-result.js';
import type { FootBlock } from '../../image/draw/layout-foot.js';
import type { Color } from '../../image/draw/render-text.js';

const DIM: Color = [170, 170, 170];

/** An answer in words, to stand below its picture: after its question, where there was one. Empty for objects. */
export function answerFoot(result: TaskResult): FootBlock[] {
  const { text = '', error } = result;
  if (isObjectResult(result) || error !== undefined || text.trim() === '') return [];
  const question = questionOf(result);
  return [...(question === '' ? [] : [{ text: question, color: DIM }]), { text }];
}

/** What the user said, without the words that PaliGemma wants before it. */
function questionOf({ task, prompt }: TaskResult): string {
  if (task === 'answer' || task === 'question') return prompt.replace(/^(?:answer|question) \S+ /, '');
  return task === 'ask' ? prompt : '';
}
