import { munkres } from 'munkres';
import { boxIou, type Box } from '../base/geometry.js';

/** An object of one frame, to be tracked. */
export interface SeenObject {
  readonly label: string;
  readonly box: Box;
}

/** Frames that a lost object may miss before it is forgotten, by default. */
const DEFAULT_KEPT_FRAMES = 10;
/**
 * How far, in sizes of the object, it may be from where it is expected; when its motion is unknown it may be further.
 */
const REACH_KNOWN = 1;
const REACH_UNKNOWN = 2;
/** An object never grows or shrinks by this factor from one frame to the next. */
const MAX_AREA_RATIO = 4;
/** Weight of a new observation in the estimate of the speed; the rest is the previous estimate. */
const SPEED_GAIN = 0.5;
/** Each missed frame makes a pair a little worse, so that objects seen recently come first. */
const MISS_COST = 0.05;
/** More than any sum of real costs: such a pair is not matched. */
const FORBIDDEN = 1e6;

interface Track {
  readonly id: number;
  readonly label: string;
  box: Box;
  timeSeconds: number;
  /** Pixels a second of the box's centre. */
  speed: { x: number; y: number };
  seenCount: number;
  missedCount: number;
}

/**
 * Gives the objects of successive frames ids that stay with them: by label, by the position that constant speed
 * predicts, and by overlap, with the assignment that is best overall. An object that is hidden or not found for some
 * frames gets its id back. Ids start at 1 and are never reused.
 */
export class ObjectTracker {
  readonly #keptFrames: number;
  #tracks: Track[] = [];
  #count = 0;

  /** @param keptFrames frames that an object may be missing before it counts as gone. */
  constructor(keptFrames = DEFAULT_KEPT_FRAMES) {
    this.#keptFrames = keptFrames;
  }

  /**
   * The ids of the objects of the next frame, in their order.
   * @param timeSeconds later than that of the frame before.
   * @param isCut a new shot has begun: no earlier object is in it.
   */
  update(objects: readonly SeenObject[], timeSeconds: number, isCut = false): number[] {
    if (isCut) this.#tracks = [];
    const pairs = this.#assign(objects, timeSeconds);
    const found = new Set(pairs.values());
    for (const track of this.#tracks) if (!found.has(track)) track.missedCount++;
    const ids = objects.map((object, index) => {
      const track = pairs.get(index);
      return track === undefined ? this.#begin(object, timeSeconds) : follow(track, object.box, timeSeconds);
    });
    this.#tracks = this.#tracks.filter(({ missedCount }) => missedCount <= this.#keptFrames);
    return ids;
  }

  #begin({ label, box }: SeenObject, timeSeconds: number): number {
    const id = ++this.#count;
    this.#tracks.push({
      id,
      label,
      box,
      timeSeconds,
      speed: { x: 0, y: 0 },
      seenCount: 1,
      missedCount: 0,
    });
    return id;
  }

  #assign(objects: readonly SeenObject[], timeSeconds: number): Map<number, Track> {
    const tracks = this.#tracks;
    const pairs = new Map<number, Track>();
    if (objects.length === 0 || tracks.length === 0) return pairs;
    const costs = objects.map((object) => tracks.map((track) => pairCost(track, object, timeSeconds)));
    for (const [object, track] of munkres(costs)) {
      if (costs[object][track] < FORBIDDEN) pairs.set(object, tracks[track]);
    }
    return pairs;
  }
}

/** How badly an object fits a track: 0 when it is exactly where it is expected. */
function pairCost(track: Track, { label, box }: SeenObject, timeSeconds: number): number {
  if (label !== track.label) return FORBIDDEN;
  const expected = expectedBox(track, timeSeconds);
  const ratio = areaOf(box) / areaOf(expected);
  if (ratio > MAX_AREA_RATIO || ratio < 1 / MAX_AREA_RATIO) return FORBIDDEN;
  const [a, b] = [centreOf(expected), centreOf(box)];
  const size = (Math.sqrt(areaOf(box)) + Math.sqrt(areaOf(expected))) / 2;
  const distance = Math.hypot(a.x - b.x, a.y - b.y) / size;
  if (distance > (track.seenCount > 1 ? REACH_KNOWN : REACH_UNKNOWN)) return FORBIDDEN;
  return 1 - boxIou(expected, box) + distance + MISS_COST * track.missedCount;
}

function follow(track: Track, box: Box, timeSeconds: number): number {
  const seconds = timeSeconds - track.timeSeconds;
  if (seconds > 0) {
    const [from, to] = [centreOf(track.box), centreOf(box)];
    const gain = track.seenCount === 1 ? 1 : SPEED_GAIN;
    track.speed.x += gain * ((to.x - from.x) / seconds - track.speed.x);
    track.speed.y += gain * ((to.y - from.y) / seconds - track.speed.y);
  }
  track.box = box;
  track.timeSeconds = timeSeconds;
  track.seenCount++;
  track.missedCount = 0;
  return track.id;
}

function expectedBox({ box, speed, timeSeconds }: Track, nowSeconds: number): Box {
  const x = speed.x * (nowSeconds - timeSeconds);
  const y = speed.y * (nowSeconds - timeSeconds);
  return { x0: box.x0 + x, y0: box.y0 + y, x1: box.x1 + x, y1: box.y1 + y };
}

function centreOf({ x0, y0, x1, y1 }: Box): { x: number; y: number } {
  return { x: (x0 + x1) / 2, y: (y0 + y1) / 2 };
}

function areaOf({ x0, y0, x1, y1 }: Box): number {
  return (x1 - x0) * (y1 - y0);
}
