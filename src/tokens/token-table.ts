import { DamagedFileError } from '../base/errors.js';
import { stripControl } from '../base/strip-control.js';

/** Ids above this are refused: the largest real vocabulary has 257,216 rows. */
const MAX_TOKEN_ID = 1 << 20;

/** What a token means when it is decoded. */
export interface TokenPiece {
  /** Its text by itself; U+FFFD for a byte that is only part of a character. */
  readonly text: string;
  /** 0..255 for a byte-fallback token such as `<0xE2>`. */
  readonly byte?: number;
  /** <bos>, <eos> and the like: left out of readable text. */
  readonly isSpecial: boolean;
}

/** A token that tokenizer.json lists outside its vocabulary. */
export interface AddedToken {
  readonly id: number;
  readonly content: string;
  readonly special: boolean;
}

/** A table in a form that threads can send each other. */
export interface TokenList {
  /** By id; undefined for ids that are not in use. */
  readonly tokens: readonly (string | undefined)[];
  readonly specialIds: readonly number[];
}

/**
 * What decoding reads: the token that stands for each id, by the rules of Gemma's decoder: U+2581 is a space,
 * `<0xHH>` is a byte. Pieces are made on demand: an answer needs about a hundred of 257,000.
 */
export class TokenTable {
  readonly #tokens: (string | undefined)[] = [];
  readonly #specialIds = new Set<number>();

  /**
   * @param vocabulary token -> id.
   * @throws {DamagedFileError} an id is not a whole number in range.
   */
  constructor(vocabulary: Readonly<Record<string, number>>, addedTokens: readonly AddedToken[]) {
    for (const token in vocabulary) this.#add(token, vocabulary[token]);
    for (const { content, id, special } of addedTokens) {
      this.#add(content, id);
      if (special) this.#specialIds.add(id);
    }
  }

  /** A table from what `list` gave. */
  static fromList({ tokens, specialIds }: TokenList): TokenTable {
    const table = new TokenTable({}, []);
    for (const token of tokens) table.#tokens.push(token);
    for (const id of specialIds) table.#specialIds.add(id);
    return table;
  }

  /** All of it, to be sent to another thread. */
  list(): TokenList {
    return { tokens: this.#tokens, specialIds: [...this.#specialIds] };
  }

  /** The highest id plus one. */
  get length(): number {
    return this.#tokens.length;
  }

  /** Undefined for an id that is not in use. */
  at(id: number): TokenPiece | undefined {
    const token = this.#tokens[id];
    return token === undefined ? undefined : toPiece(token, this.#specialIds.has(id));
  }

  #add(token: string, id: number): void {
    if (!Number.isInteger(id) || id < 0 || id > MAX_TOKEN_ID) {
      throw new DamagedFileError(
        'TOKENIZER_DAMAGED',
        `The tokenizer gives ${stripControl(token)} the id ${JSON.stringify(id)}.`,
        { hint: 'Get tokenizer.json again, from the checkpoint that the model was made of.' },
      );
    }
    this.#tokens[id] = token;
  }
}

function toPiece(token: string, isSpecial: boolean): TokenPiece {
  if (!/^<0x[0-9A-Fa-f]{2}>$/.test(token)) return { text: token.replaceAll('\u2581', ' '), isSpecial };
  const byte = Number.parseInt(token.slice(3, 5), 16);
  return { text: byte < 0x80 ? String.fromCharCode(byte) : '\uFFFD', byte, isSpecial };
}
