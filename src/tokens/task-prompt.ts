import { UsageError } from '../base/errors.js';
import type { Box, Size } from '../base/geometry.js';
import { locToken } from './find-token-ids.js';
import { checkLanguage } from './languages.js';
import { boxToBins } from './region-bins.js';
import { splitThings } from './split-things.js';

/** How a prompt begins. `cap` asks for a few words, `caption` for a sentence, `describe` for more. */
export const promptKinds = [
  'cap',
  'caption',
  'describe',
  'ocr',
  'answer',
  'question',
  'detect',
  'segment',
] as const;
export type PromptKind = (typeof promptKinds)[number];

/** What a prompt is about; each kind of prompt uses its own part. */
export interface PromptParts {
  /** The question, the answer, or the things to look for, separated by semicolons. */
  readonly text?: string | undefined;
  /** One of the 35 codes in tokens/languages; English when absent. */
  readonly language?: string | undefined;
  /** For `caption`: the region of the picture to caption, pixels; such a prompt has no language. */
  readonly region?: Box | undefined;
  /** Size of the picture as shown; needed with a region. */
  readonly picture?: Size | undefined;
}

/**
 * The prompt as PaliGemma was trained on it, without <bos> and the newline. Things are always joined with
 * ` ; `, whatever the spaces between them were.
 *
 * @throws {UsageError} an unknown language, no text where one is needed, or a region outside the picture.
 */
export function buildTaskPrompt(kind: PromptKind, parts: PromptParts): string {
  switch (kind) {
    case 'caption':
      if (parts.region !== undefined) return `caption ${regionTokens(parts.region, parts.picture)}`;
      return `caption ${languageCode(parts)}`;
    case 'cap':
    case 'describe':
      return `${kind} ${languageCode(parts)}`;
    case 'ocr':
      return 'ocr';
    case 'answer':
      return `answer ${languageCode(parts)} ${needText(parts, 'question')}`;
    case 'question':
      return `question ${languageCode(parts)} ${needText(parts, 'answer')}`;
    case 'detect':
    case 'segment':
      return `${kind} ${splitThings(parts.text ?? '').join(' ; ')}`;
  }
}

function languageCode({ language }: PromptParts): string {
  return checkLanguage(language ?? 'en').code;
}

function needText({ text = '' }: PromptParts, what: string): string {
  const trimmed = text.trim();
  if (trimmed !== '') return trimmed;
  throw new UsageError('PROMPT_TEXT_MISSING', `The ${what} is empty.`, {
    hint: `Give the ${what} in quotes, before the pictures.`,
  });
}

function regionTokens(region: Box, picture: Size | undefined): string {
  if (picture === undefined) throw new Error('A region needs the size of its picture.');
  return boxToBins(region, picture).map(locToken).join('');
}
