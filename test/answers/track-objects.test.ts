import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fixturePath } from '../../fixtures/index.js';
import { ObjectTracker } from '../../src/answers/track-objects.js';
import type { Box } from '../../src/base/geometry.js';
import { measureTracks, type TrackMetrics, type TrackedFrame } from '../support/track-metrics.js';

interface TrueObject {
  readonly id: number;
  readonly label: string;
  readonly box: Box;
  /** Behind another one: not found. */
  readonly isHidden?: boolean;
}

function boxAt(x: number, y: number, side = 60): Box {
  return { x0: x, y0: y, x1: x + side, y1: y + side };
}

/** Pseudo-random numbers from -1 to 1, the same every time. */
function createNoise(): () => number {
  let state = 7;
  return () => {
    state = (state * 1103515245 + 12345) % 2147483648;
    return state / 1073741824 - 1;
  };
}

/** Track a clip whose boxes are found a few pixels off. */
function track(
  clip: readonly (readonly TrueObject[])[],
  secondsPerFrame: number,
  noisePixels = 2,
): TrackMetrics {
  const tracker = new ObjectTracker();
  const noise = createNoise();
  const frames = clip.map((objects, number): TrackedFrame => {
    const seen = objects
      .filter(({ isHidden }) => !isHidden)
      .map(({ label, box }) => {
        const [x, y] = [noise() * noisePixels, noise() * noisePixels];
        return { label, box: { x0: box.x0 + x, y0: box.y0 + y, x1: box.x1 + x, y1: box.y1 + y } };
      });
    const ids = tracker.update(seen, number * secondsPerFrame);
    return {
      truth: objects.filter(({ isHidden }) => !isHidden),
      found: seen.map(({ box }, index) => ({ id: ids[index], box })),
    };
  });
  return measureTracks(frames);
}

const perfect = { mota: 1, idf1: 1, switches: 0 };

describe('ObjectTracker', () => {
  it('keeps the ids of two that cross', () => {
    const clip = Array.from({ length: 40 }, (_, i) => [
      { id: 1, label: 'dog', box: boxAt(i * 12, 100) },
      { id: 2, label: 'dog', box: boxAt(480 - i * 12, 110) },
    ]);
    expect(track(clip, 0.1)).toEqual(perfect);
    expect(
      track(
        clip.filter((_, i) => i % 4 === 0),
        0.4,
      ),
    ).toEqual(perfect);
  });

  it('gives an id back after an object was hidden', () => {
    const clip = Array.from({ length: 40 }, (_, i) => [
      { id: 1, label: 'car', box: boxAt(i * 10, 100), isHidden: i > 15 && i < 22 },
      { id: 2, label: 'car', box: boxAt(200, 100) },
    ]);
    expect(track(clip, 0.1)).toEqual(perfect);
  });

  it('gives new ids to what enters, and none twice', () => {
    const clip = Array.from({ length: 60 }, (_, i) => [
      ...(i < 25 ? [{ id: 1, label: 'bird', box: boxAt(i * 15, 20) }] : []),
      ...(i >= 30 ? [{ id: 2, label: 'bird', box: boxAt((i - 30) * 15, 20) }] : []),
      { id: 3, label: 'bird', box: boxAt(300, 300 - i * 4) },
    ]);
    const metrics = track(clip, 0.1);
    expect(metrics).toMatchObject({ mota: 1, switches: 0 });
    expect(metrics.idf1).toBeGreaterThan(0.95);
  });

  it('does not take a cat for a dog', () => {
    const tracker = new ObjectTracker();
    expect(tracker.update([{ label: 'dog', box: boxAt(0, 0) }], 0)).toEqual([1]);
    expect(tracker.update([{ label: 'cat', box: boxAt(0, 0) }], 1)).toEqual([2]);
    expect(tracker.update([{ label: 'dog', box: boxAt(2, 0) }], 2)).toEqual([1]);
  });

  it('forgets at a cut, and after too many frames', () => {
    const tracker = new ObjectTracker(2);
    const dog = [{ label: 'dog', box: boxAt(0, 0) }];
    expect(tracker.update(dog, 0)).toEqual([1]);
    expect(tracker.update(dog, 1, true)).toEqual([2]);
    tracker.update([], 2);
    tracker.update([], 3);
    expect(tracker.update(dog, 4)).toEqual([2]);
    for (const seconds of [5, 6, 7]) tracker.update([], seconds);
    expect(tracker.update(dog, 8)).toEqual([3]);
  });

  it.each([
    ['crossing', 1],
    ['crossing', 5],
    ['three_shots', 1],
    ['three_shots', 5],
    ['title', 5],
  ])('makes no mistake on the objects of %s, every %d frames', (name, step) => {
    const lines = readFileSync(fixturePath('video', `${name}.jsonl`), 'utf8')
      .trim()
      .split('\n');
    const tracker = new ObjectTracker();
    const frames = lines
      .map((line) => JSON.parse(line) as TruthLine)
      .filter(({ frame }) => frame % step === 0)
      .map(({ time, shot, objects }, index, all): TrackedFrame => {
        const truth = objects.map(({ id, label, box_yxyx: [y0, x0, y1, x1] }) => ({
          id: shot * 100 + id,
          label,
          box: { x0: x0 * 320, y0: y0 * 180, x1: x1 * 320, y1: y1 * 180 },
        }));
        const ids = tracker.update(truth, time, index > 0 && all[index - 1].shot !== shot);
        return { truth, found: truth.map(({ box }, object) => ({ id: ids[object], box })) };
      });
    expect(measureTracks(frames)).toEqual(perfect);
  });

  it('gives each object of a frame an id of its own, whatever is found', () => {
    const object = fc.record({
      label: fc.constantFrom('a', 'b'),
      box: fc
        .tuple(fc.nat(600), fc.nat(600), fc.integer({ min: 1, max: 300 }), fc.integer({ min: 1, max: 300 }))
        .map(([x, y, width, height]) => ({ x0: x, y0: y, x1: x + width, y1: y + height })),
    });
    fc.assert(
      fc.property(fc.array(fc.array(object, { maxLength: 6 }), { maxLength: 6 }), (frames) => {
        const tracker = new ObjectTracker();
        frames.forEach((objects, number) => {
          const ids = tracker.update(objects, number);
          expect(new Set(ids).size).toBe(objects.length);
        });
      }),
    );
  });
});

interface TruthLine {
  readonly frame: number;
  readonly time: number;
  readonly shot: number;
  readonly objects: { id: number; label: string; box_yxyx: [number, number, number, number] }[];
}
