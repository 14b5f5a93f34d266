import { UsageError } from '../base/errors.js';
import type { TokenIds } from '../base/model-spec.js';
import { stripControl } from '../base/strip-control.js';
import type { PaliTokenizer } from './tokenizer.js';

/** Longest prompt, characters; bounds the tokenizer's work. */
export const MAX_PROMPT_CHARACTERS = 8000;
/** Longest prompt, tokens. PaliGemma was trained with 512 at most, and attention grows with the square. */
const MAX_PROMPT_TOKENS = 2048;

/**
 * Ids of a prompt as they follow the image tokens: <bos>, the prompt and a newline, these two encoded in one
 * piece. Spaces at either end are kept, an empty prompt is allowed, `<loc0123>` becomes its token. Control
 * characters other than newline and tab are removed.
 * @throws {UsageError} the prompt is too long, or contains a token that only the program may add.
 */
export function buildPromptIds(tokenizer: PaliTokenizer, prompt: string): number[] {
  if (prompt.length > MAX_PROMPT_CHARACTERS) {
    throw tooLong(`${prompt.length} characters`, `${MAX_PROMPT_CHARACTERS}`);
  }
  const ids = tokenizer.encode(`${stripControl(prompt)}\n`);
  refuseReserved(ids, tokenizer.tokens);
  if (ids.length > MAX_PROMPT_TOKENS) throw tooLong(`${ids.length} tokens`, `${MAX_PROMPT_TOKENS}`);
  return [tokenizer.tokens.bos, ...ids];
}

/** A second <bos> makes PaliGemma answer in the wrong language; <image> would shift every picture. */
function refuseReserved(ids: readonly number[], tokens: TokenIds): void {
  const names = new Map([
    [tokens.image, '<image>'],
    [tokens.bos, '<bos>'],
    [tokens.eos, '<eos>'],
    [tokens.pad, '<pad>'],
  ]);
  for (const id of ids) {
    const name = names.get(id);
    if (name === undefined) continue;
    throw new UsageError(
      'PROMPT_RESERVED_TOKEN',
      `The prompt contains ${name}, which the program places itself.`,
      {
        hint: `Leave ${name} out; pictures are given as files.`,
      },
    );
  }
}

function tooLong(length: string, limit: string): UsageError {
  return new UsageError('PROMPT_TOO_LONG', `The prompt has ${length}; at most ${limit} are allowed.`);
}
