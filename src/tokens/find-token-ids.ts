import { ModelError } from '../base/errors.js';
import { LOC_TOKENS, SEG_TOKENS, type TokenIds } from '../base/model-spec.js';

/** Names of the special tokens; tokenizer_config.json may give others for these three. */
export interface SpecialNames {
  readonly pad: string;
  readonly bos: string;
  readonly eos: string;
}

/** `<loc0012>`: the location token of a value 0..1023. */
export function locToken(value: number): string {
  return `<loc${String(value).padStart(4, '0')}>`;
}

/** `<seg012>`: the segmentation token of a code 0..127. */
function segToken(code: number): string {
  return `<seg${String(code).padStart(3, '0')}>`;
}

/**
 * Ids of the special tokens in a vocabulary.
 * @param idOf id of a token, undefined when there is none.
 * @throws {ModelError} a token is missing, or the location and segmentation tokens do not follow one another.
 */
export function findTokenIds(idOf: (token: string) => number | undefined, names: SpecialNames): TokenIds {
  const find = (token: string): number => {
    const id = idOf(token);
    if (id !== undefined) return id;
    throw new ModelError('TOKENIZER_UNSUPPORTED', `The tokenizer has no token ${token}.`, {
      hint: 'Is this a PaliGemma checkpoint? Its tokenizer has location and segmentation tokens.',
    });
  };
  const firstLoc = find(locToken(0));
  const firstSeg = find(segToken(0));
  const checkPlace = (token: string, expected: number): void => {
    const id = find(token);
    if (id === expected) return;
    throw new ModelError(
      'TOKENIZER_UNSUPPORTED',
      `The tokenizer has ${token} at ${id} instead of ${expected}: its location and segmentation tokens do not follow one another.`,
    );
  };
  for (let value = 0; value < LOC_TOKENS; value++) checkPlace(locToken(value), firstLoc + value);
  for (let code = 0; code < SEG_TOKENS; code++) checkPlace(segToken(code), firstLoc + LOC_TOKENS + code);
  return {
    pad: find(names.pad),
    bos: find(names.bos),
    eos: find(names.eos),
    image: find('<image>'),
    firstLoc,
    firstSeg,
  };
}
