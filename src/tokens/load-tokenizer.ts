import { Tokenizer } from '@huggingface/tokenizers';
import { DamagedFileError } from '../base/errors.js';
import type { TokenIds } from '../base/model-spec.js';
import { stripControl } from '../base/strip-control.js';
import { decodePieces, PieceStream } from './decode-pieces.js';
import { findTokenIds, type SpecialNames } from './find-token-ids.js';
import { readTokenizerFiles, type TokenizerFiles } from './read-tokenizer-files.js';
import { TokenTable } from './token-table.js';
import type { PaliTokenizer, TextStream } from './tokenizer.js';

/** The parts of the library used here; its own type files do not resolve under Node's module rules. */
interface LibraryTokenizer {
  encode(text: string, options: { add_special_tokens: boolean }): { ids: number[] };
  token_to_id(token: string): number | undefined;
}
const BpeTokenizer = Tokenizer as unknown as new (tokenizer: object, config: object) => LibraryTokenizer;

/**
 * Load the tokenizer of a checkpoint or a converted model.
 * @param folder holds tokenizer.json and tokenizer_config.json.
 * @param moreEnds see TokenIds; the tokenizer's files do not name them.
 * @throws {ModelError} a file is missing, or the tokenizer is not PaliGemma's. {DamagedFileError} a file is
 * damaged.
 */
export async function loadTokenizer(folder: string, moreEnds?: readonly number[]): Promise<GemmaTokenizer> {
  const files = await readTokenizerFiles(folder);
  const table = new TokenTable(files.tokenizer.model.vocab, files.tokenizer.added_tokens);
  let library: LibraryTokenizer;
  try {
    library = new BpeTokenizer(files.tokenizer, files.config);
  } catch (error) {
    throw new DamagedFileError(
      'TOKENIZER_DAMAGED',
      `The tokenizer in ${stripControl(folder)} cannot be built from its files.`,
      { cause: error },
    );
  }
  const tokens = findTokenIds((token) => library.token_to_id(token), specialNames(files));
  const encode = (text: string): number[] => library.encode(text, { add_special_tokens: false }).ids;
  return new GemmaTokenizer(encode, table, { ...tokens, ...(moreEnds && { moreEnds }) });
}

/** Encoding is the library's; decoding is ours, because the library decodes byte runs in its own way. */
export class GemmaTokenizer implements PaliTokenizer {
  readonly vocabSize: number;

  constructor(
    readonly encode: (text: string) => number[],
    readonly table: TokenTable,
    readonly tokens: TokenIds,
  ) {
    this.vocabSize = table.length;
  }

  decode(ids: readonly number[], options: { readonly skipSpecial?: boolean } = {}): string {
    const kept = options.skipSpecial ? ids.filter((id) => !this.table.at(id)?.isSpecial) : ids;
    return this.decodePieces(kept).join('');
  }

  decodePieces(ids: readonly number[]): string[] {
    return decodePieces(this.table, ids);
  }

  pieceOf(id: number): string | undefined {
    return this.table.at(id)?.text;
  }

  createTextStream(): TextStream {
    return new PieceStream(this.table);
  }
}

function specialNames({ config }: TokenizerFiles): SpecialNames {
  const nameOf = (token: TokenizerFiles['config']['bos_token'], usual: string): string =>
    typeof token === 'string' ? token : (token?.content ?? usual);
  return {
    pad: nameOf(config.pad_token, '<pad>'),
    bos: nameOf(config.bos_token, '<bos>'),
    eos: nameOf(config.eos_token, '<eos>'),
  };
}
