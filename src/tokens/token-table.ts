import { ModelError } from '../base/errors.js';

/** Ids above this are refused: the largest real vocabulary has 257,216 rows. */
const MAX_TOKEN_ID = 1 << 20;

/** What a token stands for when it is read back. */
export interface TokenPiece {
  /** As it reads by itself; U+FFFD for a byte that is only a part of a character. */
  readonly text: string;
  /** 0..255 for a byte-fallback token such as `<0xE2>`. */
  readonly byte?: number;
  /** <bos>, <eos> and the like: left out of readable text. */
  readonly isSpecial: boolean;
}

/** The token that stands for each id; holes for ids that are not in use. */
export type TokenTable = readonly (TokenPiece | undefined)[];

/**
 * Build the table that decoding reads, by the rules of Gemma's decoder: U+2581 is a space, `<0xHH>` is a byte.
 * @param vocabulary token -> id, added tokens included.
 * @param specialIds ids of the tokens marked special.
 * @throws {ModelError} an id is not a whole number in range.
 */
export function buildTokenTable(
  vocabulary: Iterable<readonly [string, number]>,
  specialIds: ReadonlySet<number>,
): TokenTable {
  const table: (TokenPiece | undefined)[] = [];
  for (const [token, id] of vocabulary) {
    if (!Number.isInteger(id) || id < 0 || id > MAX_TOKEN_ID) {
      throw new ModelError('TOKENIZER_UNSUPPORTED', `The tokenizer gives a token the id ${String(id)}.`);
    }
    table[id] = toPiece(token, specialIds.has(id));
  }
  return table;
}

function toPiece(token: string, isSpecial: boolean): TokenPiece {
  if (!/^<0x[0-9A-Fa-f]{2}>$/.test(token)) return { text: token.replaceAll('\u2581', ' '), isSpecial };
  const byte = Number.parseInt(token.slice(3, 5), 16);
  return { text: byte < 0x80 ? String.fromCharCode(byte) : '\uFFFD', byte, isSpecial };
}
