import { describe, expect, it } from 'vitest';
import { objectsBetween } from '../../src/answers/interpolate-objects.js';
import type { Detection } from '../../src/base/detection.js';

function found(x0: number, label = 'dog'): Detection {
  return { label, score: 1, boxScore: 1, box: { x0, y0: 0, x1: x0 + 10, y1: 10 }, bins: [0, 0, 0, 0] };
}

const before = { timeSeconds: 1, detections: [found(0), found(50, 'gone')], trackIds: [1, 2] };
const after = { timeSeconds: 2, detections: [found(40), found(80, 'new')], trackIds: [1, 3] };

function placesAt(seconds: number, cutSeconds?: number): [string, number][] {
  return objectsBetween(before, after, seconds, cutSeconds).map(({ detection }) => [
    detection.label,
    detection.box.x0,
  ]);
}

describe('objectsBetween', () => {
  it('moves what is followed evenly, and shows the rest in the half next to its frame', () => {
    expect(placesAt(1)).toEqual([
      ['dog', 0],
      ['gone', 50],
    ]);
    expect(placesAt(1.25)).toEqual([
      ['dog', 10],
      ['gone', 50],
    ]);
    expect(placesAt(1.75)).toEqual([
      ['dog', 30],
      ['new', 80],
    ]);
  });

  it('changes at a cut', () => {
    expect(placesAt(1.3, 1.4)).toEqual([
      ['dog', 0],
      ['gone', 50],
    ]);
    expect(placesAt(1.4, 1.4)).toEqual([
      ['dog', 40],
      ['new', 80],
    ]);
  });

  it('lets what is not followed stand', () => {
    const still = objectsBetween({ ...before, trackIds: undefined }, { ...after, trackIds: undefined }, 1.9);
    expect(still.map(({ detection }) => detection.box.x0)).toEqual([0, 50]);
    expect(objectsBetween(before, undefined, 5)).toHaveLength(2);
  });

  it('takes a mask along', () => {
    const data = new Uint8Array(60 * 10);
    for (let y = 0; y < 10; y++) data.fill(1, y * 60, y * 60 + 5);
    const dog = { ...found(0), mask: { width: 60, height: 10, data } };
    const [moved] = objectsBetween({ ...before, detections: [dog], trackIds: [1] }, after, 1.5);
    const row = moved.detection.mask?.data.subarray(0, 60) ?? [];
    expect([...row].flatMap((value, x) => (value === 1 ? [x] : []))).toEqual([20, 21, 22, 23, 24]);
  });
});
