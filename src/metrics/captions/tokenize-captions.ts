import { ptbTokenize } from './ptb-tokenize.js';

/**
 * What coco-caption drops: 17 signs in capitals. As the tokens are in small letters, brackets (`-lrb-`) stay; so do
 * they in every published CIDEr.
 */
const DROPPED = new Set(["''", "'", '``', '`', '.', '?', '!', ',', ':', '-', '--', '...', ';']);

/** Longer texts are cut here, characters: no caption, and the rules take the square of a word's length. */
const MAX_LENGTH = 16_384;

/**
 * Captions as lists of words, as coco-caption's PTBTokenizer cuts them (`ptbtokenizer.py`). Pass all the captions of
 * one side together and in order: a caption that ends with an abbreviation is cut with a look at the next one.
 */
export function tokenizeCaptions(captions: readonly string[]): string[][] {
  const lines = captions.map((caption) => caption.slice(0, MAX_LENGTH).replaceAll('\n', ' '));
  return ptbTokenize(lines).map((tokens) => tokens.filter((token) => !DROPPED.has(token)));
}
