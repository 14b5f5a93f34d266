import { munkres } from 'munkres';
import { boxIou, type Box } from '../../src/base/geometry.js';

/** A true object in one frame, and the id and box that tracking gave, if any. */
export interface TrackedFrame {
  readonly truth: readonly { readonly id: number; readonly box: Box }[];
  readonly found: readonly { readonly id: number; readonly box: Box }[];
}

/** How well ids stay with objects. */
export interface TrackMetrics {
  /** 1 - (missed + false + switches) / true objects; 1 is perfect. */
  readonly mota: number;
  /** F1 of the boxes whose id is the one that fits its true object best over the whole clip. */
  readonly idf1: number;
  /** A true object that has another id than when it was last found. */
  readonly switches: number;
}

/** Boxes that overlap by this much are the same object, as in the MOT challenge. */
const MIN_IOU = 0.5;

/** Measure tracking against the truth. */
export function measureTracks(frames: readonly TrackedFrame[]): TrackMetrics {
  let missed = 0;
  let wrong = 0;
  let switches = 0;
  const lastIds = new Map<number, number>();
  const together = new Map<number, Map<number, number>>();
  for (const { truth, found } of frames) {
    const pairs = pairBoxes(truth, found);
    missed += truth.length - pairs.length;
    wrong += found.length - pairs.length;
    for (const [trueId, foundId] of pairs) {
      if ((lastIds.get(trueId) ?? foundId) !== foundId) switches++;
      lastIds.set(trueId, foundId);
      const counts = together.get(trueId) ?? new Map<number, number>();
      together.set(trueId, counts.set(foundId, (counts.get(foundId) ?? 0) + 1));
    }
  }
  const truthCount = frames.reduce((sum, { truth }) => sum + truth.length, 0);
  const foundCount = frames.reduce((sum, { found }) => sum + found.length, 0);
  const right = bestOverall(together);
  return {
    mota: 1 - (missed + wrong + switches) / truthCount,
    idf1: (2 * right) / (truthCount + foundCount),
    switches,
  };
}

function pairBoxes(truth: TrackedFrame['truth'], found: TrackedFrame['found']): [number, number][] {
  if (truth.length === 0 || found.length === 0) return [];
  const costs = truth.map((a) => found.map((b) => 1 - boxIou(a.box, b.box)));
  return munkres(costs)
    .filter(([a, b]) => costs[a][b] <= 1 - MIN_IOU)
    .map(([a, b]) => [truth[a].id, found[b].id]);
}

function bestOverall(together: ReadonlyMap<number, ReadonlyMap<number, number>>): number {
  const trueIds = [...together.keys()];
  const foundIds = [...new Set([...together.values()].flatMap((counts) => [...counts.keys()]))];
  if (trueIds.length === 0) return 0;
  const counts = trueIds.map((a) => foundIds.map((b) => together.get(a)?.get(b) ?? 0));
  return munkres(counts.map((row) => row.map((count) => -count))).reduce(
    (sum, [a, b]) => sum + counts[a][b],
    0,
  );
}
