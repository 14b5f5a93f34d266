import { buildTaskPrompt } from '../../tokens/task-prompt.js';
import { regionToBox, type Region } from './region.js';
import { TEXT_MAX_TOKENS, type Task } from './task.js';

/** What kind of caption. */
export interface CaptionOptions {
  /** English when absent. */
  readonly language?: string | undefined;
  /** A few words (`cap`) instead of a sentence. */
  readonly isShort?: boolean;
  /** Caption only this part of the picture; such a caption has no language. */
  readonly region?: Region | undefined;
}

/**
 * A sentence about the picture, or about a region of it.
 * @throws {UsageError} the model does not know the language.
 */
export function captionTask({ language, isShort = false, region }: CaptionOptions): Task {
  const task = { name: 'caption', maxTokens: TEXT_MAX_TOKENS } as const;
  if (region === undefined) {
    return { ...task, prompt: buildTaskPrompt(isShort ? 'cap' : 'caption', { language }) };
  }
  return {
    ...task,
    prompt: 'caption',
    variant: `region ${region.x0},${region.y0},${region.x1},${region.y1} ${region.unit}`,
    promptFor: (picture) => buildTaskPrompt('caption', { region: regionToBox(region, picture), picture }),
  };
}
