import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KvCache } from '../../../src/engine/model/kv-cache.js';
import { fillMaskRow, listCacheNames, MASKED } from '../../../src/engine/model/decoder.js';
import type { TextSpec } from '../../../src/base/model-spec.js';

const HEADS = 2;
const HEAD_DIM = 3;
const text = { layers: 2, keyValueHeads: HEADS, headDim: HEAD_DIM } as TextSpec;

/** The element of a row's key: row-major [rows, heads, capacity, headDim]. */
function at(cache: KvCache, rows: number, row: number, head: number, slot: number): number[] {
  const start = ((row * HEADS + head) * cache.capacity + slot) * HEAD_DIM;
  return [...cache.view('0.k', rows).subarray(start, start + HEAD_DIM)];
}

describe('KvCache', () => {
  it('keeps what was written while it grows, in slots and in rows', () => {
    const cache = new KvCache(text, false);
    cache.reserve(1, 10);
    expect(cache.capacity).toBe(64);
    // A batch of two, each [heads, 2 positions, headDim]; the second goes into row 0.
    const values = Float32Array.from({ length: 2 * HEADS * 2 * HEAD_DIM }, (_, index) => index + 1);
    cache.write('0.k', 0, 5, values, 1, 2);
    const expected = [
      [13, 14, 15],
      [16, 17, 18],
      [19, 20, 21],
      [22, 23, 24],
    ];
    const read = (rows: number): number[][] => [
      at(cache, rows, 0, 0, 5),
      at(cache, rows, 0, 0, 6),
      at(cache, rows, 0, 1, 5),
      at(cache, rows, 0, 1, 6),
    ];
    expect(read(1)).toEqual(expected);
    cache.reserve(3, 65);
    expect(cache.capacity).toBe(128);
    expect(read(3)).toEqual(expected);
    expect(at(cache, 3, 2, 1, 127)).toEqual([0, 0, 0]);
    expect(cache.view('1.v', 2)).toHaveLength(2 * HEADS * 128 * HEAD_DIM);
    cache.reserve(1, 1);
    expect(read(3)).toEqual(expected);
  });

  it('keeps float16 as bits', () => {
    const cache = new KvCache(text, true);
    cache.reserve(1, 1);
    cache.write(
      '0.k',
      0,
      0,
      Uint16Array.from({ length: HEADS * HEAD_DIM }, (_, i) => 0x3c00 + i),
      0,
      1,
    );
    expect(cache.view('0.k', 1)).toBeInstanceOf(Uint16Array);
    expect(at(cache, 1, 0, 1, 0)).toEqual([0x3c03, 0x3c04, 0x3c05]);
  });

  it('exchanges rows whole, in every layer', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(3), fc.nat(3)), { maxLength: 10 }), (swaps) => {
        const cache = new KvCache(text, false);
        cache.reserve(4, 1);
        const order = [0, 1, 2, 3];
        for (const name of listCacheNames(text)) {
          for (const row of order) {
            cache.write(name, row, 0, new Float32Array(HEADS * HEAD_DIM).fill(row + 1), 0, 1);
          }
        }
        for (const [a, b] of swaps) {
          cache.swapRows(a, b);
          [order[a], order[b]] = [order[b], order[a]];
        }
        const size = HEADS * cache.capacity * HEAD_DIM;
        for (const name of listCacheNames(text)) {
          const view = cache.view(name, 4);
          expect(order.map((_, row) => view[row * size] - 1)).toEqual(order);
        }
      }),
    );
  });

  it('forgets everything when it is cleared', () => {
    const cache = new KvCache(text, false);
    cache.reserve(2, 100);
    cache.write('0.k', 1, 0, new Float32Array(HEADS * HEAD_DIM).fill(7), 0, 1);
    cache.clear();
    expect(cache.capacity).toBe(0);
    cache.reserve(2, 1);
    expect(cache.capacity).toBe(64);
    expect(at(cache, 2, 1, 0, 0)).toEqual([0, 0, 0]);
  });
});

describe('fillMaskRow', () => {
  const row = (position: number, window?: number): number[] => {
    const mask = new Float32Array(2 * 6).fill(9);
    fillMaskRow(mask, 1, 6, position, window);
    expect([...mask.subarray(0, 6)]).toEqual(Array(6).fill(9));
    return [...mask.subarray(6)].map((value) => (value === MASKED ? 1 : value));
  };

  it('shows a token what came before it', () => {
    expect(row(0)).toEqual([1, 1, 1, 1, 1, 1]);
    expect(row(4)).toEqual([0, 0, 0, 0, 1, 1]);
    expect(row(6)).toEqual([0, 0, 0, 0, 0, 0]);
  });

  it('shows it the window only, itself counted', () => {
    expect(row(5, 3)).toEqual([1, 1, 1, 0, 0, 1]);
    expect(row(5, 1)).toEqual([1, 1, 1, 1, 1, 1]);
    expect(row(2, 100)).toEqual([0, 0, 1, 1, 1, 1]);
  });
});
