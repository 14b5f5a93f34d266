import { buildTaskPrompt } from '../../tokens/task-prompt.js';
import { TEXT_MAX_TOKENS, type Task } from './task.js';

/** The text in the picture, in reading order. */
export function ocrTask(): Task {
  return { name: 'ocr', prompt: buildTaskPrompt('ocr', {}), maxTokens: TEXT_MAX_TOKENS };
}
