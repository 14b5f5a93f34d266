import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { placeMask } from '../../src/answers/place-mask.js';
import { readNpy } from '../support/reference/read-npy.js';

interface Placement {
  codes: number;
  box_tokens_yxyx: [number, number, number, number];
  width: number;
  height: number;
  box_pixels_yxyx: [number, number, number, number];
  area: number;
  run_lengths: number[];
  pixels_near_zero: number;
}

/** The recorded mask: run lengths over the rows, zeros first. */
function expand({ run_lengths, width, height }: Placement): Uint8Array {
  const data = new Uint8Array(width * height);
  let place = 0;
  for (const [i, run] of run_lengths.entries()) {
    data.fill(i % 2, place, place + run);
    place += run;
  }
  expect(place).toBe(width * height);
  return data;
}

describe.each(['random', 'demo'])('placeMask, %s masks', (name) => {
  const path = new URL(`../../fixtures/reference/mask/${name}.json`, import.meta.url);
  const { placements } = JSON.parse(readFileSync(path, 'utf8')) as { placements: Placement[] };
  const masks = readNpy(`reference/mask/${name}.masks.npy`);

  it.each(placements)('agrees with Pillow at $width x $height', (placement) => {
    const mask = masks.subarray(placement.codes * 4096, (placement.codes + 1) * 4096);
    const placed = placeMask(mask, placement.box_tokens_yxyx, placement);
    const expected = expand(placement);
    let wrong = 0;
    for (let i = 0; i < expected.length; i++) if (placed.data[i] !== expected[i]) wrong++;
    expect(wrong).toBeLessThanOrEqual(placement.pixels_near_zero);
    const area = placed.data.reduce((sum, value) => sum + value, 0);
    expect(Math.abs(area - placement.area)).toBeLessThanOrEqual(placement.pixels_near_zero);
  });
});

describe('placeMask', () => {
  const full = new Float32Array(64 * 64).fill(1);

  it('fills exactly the box, its corners cut towards zero', () => {
    // 100 / 1023 * 50 = 4.89, 200 / 1023 * 40 = 7.82, 900 / 1023 * 50 = 43.99, 1023 / 1023 * 40 = 40.
    const { data, width, height } = placeMask(full, [100, 200, 900, 1023], { width: 40, height: 50 });
    expect([width, height, data.length]).toEqual([40, 50, 2000]);
    for (let y = 0; y < 50; y++) {
      for (let x = 0; x < 40; x++) expect(data[y * 40 + x]).toBe(y >= 4 && y < 43 && x >= 7 ? 1 : 0);
    }
  });

  it('leaves a box without a whole pixel empty', () => {
    const { data } = placeMask(full, [500, 500, 501, 501], { width: 64, height: 64 });
    expect(data.some((value) => value !== 0)).toBe(false);
  });

  it('takes 0 for the background', () => {
    const { data } = placeMask(new Float32Array(64 * 64), [0, 0, 1023, 1023], { width: 64, height: 64 });
    expect(data.some((value) => value !== 0)).toBe(false);
  });

  it('keeps a mask as it is at its own size', () => {
    const checks = Float32Array.from({ length: 64 * 64 }, (_, i) => (((i >> 6) + i) % 2 === 0 ? 0.5 : -0.5));
    const { data } = placeMask(checks, [0, 0, 1023, 1023], { width: 64, height: 64 });
    expect([...data]).toEqual([...checks].map((value) => (value > 0 ? 1 : 0)));
  });
});
