import type { TokenIds } from '../base/model-spec.js';

/** A tokenizer of a PaliGemma checkpoint. */
export interface PaliTokenizer {
  readonly tokens: TokenIds;
  /** The highest id of the tokenizer plus one; the model's embedding may have more rows. */
  readonly vocabSize: number;
  /** Ids of `text`, no special tokens added. Special tokens written in the text (`<loc0012>`) become one id. */
  encode(text: string): number[];
  /**
   * Text of `ids`. Bytes that are not UTF-8 become U+FFFD, ids outside the vocabulary are dropped.
   * @param options.skipSpecial leave out <bos>, <eos>, <pad>, <image>; location and segmentation tokens stay.
   */
  decode(ids: readonly number[], options?: { readonly skipSpecial?: boolean }): string;
  /**
   * One text for each id; joined they are `decode(ids)`. A character made of several byte tokens belongs to the last
   * of them; the others have ''.
   */
  decodePieces(ids: readonly number[]): string[];
  /**
   * Text of one token by itself, special tokens written out, a space as a space; U+FFFD for a byte that is
   * only a part of a character. Undefined for an id outside the vocabulary.
   */
  pieceOf(id: number): string | undefined;
  /** Turns ids that come one by one into text. */
  createTextStream(): TextStream;
}

/** Joined, all pieces and the flush are `decode` of all ids. */
export interface TextStream {
  /**
   * What this id adds to the text. '' for a byte token: whether bytes are characters is known when their run
   * has ended, so they come with the next token's piece.
   */
  push(id: number): string;
  /** Text still held back; the stream may be used again afterwards. */
  flush(): string;
}
