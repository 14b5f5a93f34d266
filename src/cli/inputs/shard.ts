import { createHash } from 'node:crypto';
import { UsageError } from '../../base/errors.js';

/** One of the parts that inputs are divided into. */
export interface Shard {
  /** From 1. */
  readonly number: number;
  readonly count: number;
}

const MAX_SHARDS = 100_000;

/** `2/8`: the second of eight parts. @throws {UsageError} it is something else. */
export function readShard(text: string | undefined): Shard | undefined {
  if (text === undefined) return undefined;
  const [, number = '', count = ''] = /^(\d{1,6})\/(\d{1,6})$/.exec(text) ?? [];
  const shard = { number: Number(number), count: Number(count) };
  if (count !== '' && shard.number >= 1 && shard.number <= shard.count && shard.count <= MAX_SHARDS)
    return shard;
  throw new UsageError('OPTION_VALUE', `--shard cannot be '${text}'.`, {
    hint: 'It is a part and how many there are, such as 2/8; the first is 1/8.',
  });
}

/** Whether an input belongs to a part: by its name alone, whatever the others are and in whatever order. */
export function isInShard(name: string, { number, count }: Shard): boolean {
  return createHash('sha256').update(name).digest().readUInt32BE() % count === number - 1;
}
