// npm run bench -- track: how well ids stay with objects, on generated scenes whose truth is known.
import { ObjectTracker } from '../../src/answers/track-objects.js';
import type { Box } from '../../src/base/geometry.js';
import { measureTracks, type TrackedFrame } from '../support/track-metrics.js';

interface TrueObject {
  readonly id: number;
  readonly label: string;
  readonly box: Box;
}

const FRAMES = 60;
const SIDE_PIXELS = 60;

/** Objects of 60 pixels, by scene and frame; a hidden one is in no list. */
const scenes: Record<string, (frame: number) => TrueObject[]> = {
  'two that cross': (i) => [at(1, i * 12, 100), at(2, 708 - i * 12, 110)],
  'one that is hidden for 6 frames': (i) => [
    ...(i > 25 && i < 32 ? [] : [at(1, i * 10, 100)]),
    at(2, 280, 90),
  ],
  'some that enter and leave': (i) => [
    ...(i < 25 ? [at(1, i * 15, 20)] : []),
    ...(i >= 30 ? [at(2, (i - 30) * 15, 20)] : []),
    at(3, 300, 400 - i * 4),
  ],
  'six in a crowd': (i) =>
    Array.from({ length: 6 }, (_, k) => at(k + 1, 100 + k * 45 + i * (k - 2), 100 + k * 9)),
};

/** What the model makes of them: boxes off by so many pixels, and so many of a hundred not found. */
const qualities = [
  { noisePixels: 2, missedPercent: 0 },
  { noisePixels: 6, missedPercent: 10 },
  { noisePixels: 6, missedPercent: 30 },
];

/** Missed objects count against MOTA and IDF1, as they do in the MOT challenge; switches are the tracker's own. */
export function bench(): Promise<void> {
  for (const { noisePixels, missedPercent } of qualities) {
    process.stdout.write(`boxes ${noisePixels} of 60 pixels off, ${missedPercent} % not found:\n`);
    for (const [name, objectsAt] of Object.entries(scenes)) {
      const random = createRandom();
      const tracker = new ObjectTracker();
      const frames = Array.from({ length: FRAMES }, (_, i): TrackedFrame => {
        const truth = objectsAt(i);
        const seen = truth
          .filter(() => random() * 100 >= missedPercent)
          .map(({ label, box }) => ({ label, box: shift(box, noisePixels, random) }));
        const ids = tracker.update(seen, i / 10);
        return { truth, found: seen.map(({ box }, k) => ({ id: ids[k], box })) };
      });
      const { mota, idf1, switches } = measureTracks(frames);
      process.stdout.write(
        `  ${name}: MOTA ${mota.toFixed(3)}, IDF1 ${idf1.toFixed(3)}, ${switches} switches\n`,
      );
    }
  }
  return Promise.resolve();
}

function at(id: number, x: number, y: number): TrueObject {
  return { id, label: 'dog', box: { x0: x, y0: y, x1: x + SIDE_PIXELS, y1: y + SIDE_PIXELS } };
}

function shift({ x0, y0, x1, y1 }: Box, most: number, random: () => number): Box {
  const [x, y] = [(2 * random() - 1) * most, (2 * random() - 1) * most];
  return { x0: x0 + x, y0: y0 + y, x1: x1 + x, y1: y1 + y };
}

/** Numbers from 0 to 1, the same every time. */
function createRandom(): () => number {
  let state = 7;
  return () => {
    state = (state * 1103515245 + 12345) % 2147483648;
    return state / 2147483648;
  };
}
