import { describe, expect, it } from 'vitest';
import { isInShard, readShard } from '../../../src/cli/inputs/shard.js';

describe('--shard', () => {
  it('puts every name into exactly one part, and about as many into each', () => {
    const names = Array.from({ length: 4000 }, (_, i) => `photos/${i}.jpg`);
    const parts = Array.from({ length: 8 }, (_, i) =>
      names.filter((name) => isInShard(name, { number: i + 1, count: 8 })),
    );
    expect(parts.flat().sort()).toEqual([...names].sort());
    for (const part of parts) expect(part.length).toBeGreaterThan(400);
  });

  it('takes 1/1 for everything', () => {
    expect(readShard('1/1')).toEqual({ number: 1, count: 1 });
    expect(isInShard('any', { number: 1, count: 1 })).toBe(true);
  });

  it.each(['0/8', '9/8', '2', '2/', '/8', '-1/8', '1/0', '1.5/8', 'a/b', '1/9999999'])(
    'refuses %s',
    (text) => {
      expect(() => readShard(text)).toThrow(`--shard cannot be '${text}'.`);
    },
  );
});
