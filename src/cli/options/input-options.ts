import { UsageError } from '../../base/errors.js';
import { readShard, type Shard } from '../inputs/shard.js';
import type { CommandCall, OptionDefinition } from './command-definition.js';
import { readFlag, readText } from './read-option.js';

/** Options that say which pictures. */
export const inputOptions: readonly OptionDefinition[] = [
  { flags: '--files-from <file>', description: 'read more paths from this file, one per line; - is stdin' },
  { flags: '-0, --null', description: 'paths in --files-from end in NUL, as from find -print0' },
  { flags: '-r, --recursive', description: 'also take what is in the folders below a folder' },
  {
    flags: '--watch <folder>',
    description: 'also take pictures and videos that arrive in this folder, until Ctrl-C',
  },
  {
    flags: '--shard <i/n>',
    description: 'only this part of the inputs, such as 2/8, by a hash of their names',
  },
  {
    flags: '--allow-private-urls',
    description: 'also fetch pictures and videos from this machine and its network',
  },
];

/** Where the inputs of a call come from. */
export interface InputOptions {
  /** Paths, patterns, folders, addresses, `-`. */
  readonly names: readonly string[];
  /** A file of paths, `-` for stdin. */
  readonly filesFrom: string | undefined;
  readonly isNulSeparated: boolean;
  readonly isRecursive: boolean;
  readonly allowsPrivateUrls: boolean;
  /** A folder whose new pictures and videos are inputs, too. */
  readonly watch?: string | undefined;
  /** Only those of this part. */
  readonly shard?: Shard | undefined;
}

/**
 * @param names the call's arguments that name pictures.
 * @throws {UsageError} there is no input, or stdin is wanted twice.
 */
export function readInputOptions({ options }: CommandCall, names: readonly string[]): InputOptions {
  const filesFrom = readText(options, 'filesFrom');
  const isNulSeparated = readFlag(options, 'null');
  const watch = readText(options, 'watch');
  if (names.length === 0 && filesFrom === undefined && watch === undefined) {
    throw new UsageError('USAGE', 'There is no picture: PaliGemma answers only about pictures.', {
      hint: 'Name one: a file, a folder, "*.jpg", an address, or - for stdin.',
    });
  }
  if (isNulSeparated && filesFrom === undefined) {
    throw new UsageError('OPTION_VALUE', '-0 says how the paths in --files-from end.', {
      hint: 'Add: --files-from -',
    });
  }
  const readers = [...names, filesFrom].filter((name) => name === '-');
  if (readers.length > 1) {
    throw new UsageError('USAGE', 'Standard input can be read only once.', { hint: 'Give - once.' });
  }
  return {
    names,
    filesFrom,
    isNulSeparated,
    isRecursive: readFlag(options, 'recursive'),
    allowsPrivateUrls: readFlag(options, 'allowPrivateUrls'),
    watch,
    shard: readShard(readText(options, 'shard')),
  };
}
