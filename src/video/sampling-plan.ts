/** Which frames of a video to take. Times are seconds from the first frame. */
export type Sampling =
  /** The first frame of each stretch of `everySeconds`. */
  | { readonly kind: 'every'; readonly everySeconds: number }
  /** So many frames, each from the middle of an equal part. */
  | { readonly kind: 'count'; readonly count: number }
  /** The first frame of each shot; a cut is where frames differ by more than `threshold`, 0..1. */
  | { readonly kind: 'scenes'; readonly threshold: number }
  /** Frames by number, counted from 0 at the first; ranges with both ends. */
  | { readonly kind: 'numbers'; readonly ranges: readonly (readonly [number, number])[] }
  | { readonly kind: 'all' };

/** A sampling, and the part of the video that it is about. */
export interface SamplingPlan {
  readonly sampling: Sampling;
  /** 0 when absent. */
  readonly startSeconds?: number;
  /** The video's end when absent. */
  readonly endSeconds?: number;
  /** Tell for each frame whether a shot began since the one before. */
  readonly findsCuts?: boolean;
}

/**
 * The change (0..1) between two frames that counts as a cut. The cuts of the demo clips have 0.29 and 1.0, what moves
 * in them 0.04 at most.
 */
export const CUT_THRESHOLD = 0.2;

/** So that a frame whose time is rounded down (0.9999999) still opens its stretch. */
const ROUNDING_SECONDS = 1e-6;

/**
 * The expression of ffmpeg's select filter that is not 0 for frames to take. Frames are taken by their own time,
 * so that a varying rate is sampled evenly in time.
 *
 * @param rangeStart @param rangeSeconds the part to sample, in the file's own time; its length is used by `count`.
 */
export function selectExpression(sampling: Sampling, rangeStart: number, rangeSeconds: number): string {
  switch (sampling.kind) {
    case 'every':
      return firstOfStretch(rangeStart - ROUNDING_SECONDS, sampling.everySeconds, 0, -1);
    case 'count':
      return firstOfStretch(rangeStart - ROUNDING_SECONDS, rangeSeconds / sampling.count, 0.5, 0);
    case 'scenes':
      return `isnan(prev_selected_t)+gt(scene\\,${sampling.threshold})`;
    case 'numbers':
      return sampling.ranges.map(([first, last]) => `between(n\\,${first}\\,${last})`).join('+');
    case 'all':
      return '1';
  }
}

/**
 * Which of the frames at these times selectExpression takes, computed as ffmpeg does; their numbers in the list.
 *
 * @param times ascending, in the file's own time. @param rangeStart @param rangeSeconds as for selectExpression.
 */
export function chooseFrames(
  sampling: Exclude<Sampling, { kind: 'scenes' }>,
  times: Float64Array,
  rangeStart: number,
  rangeSeconds: number,
): number[] {
  const numbers = Array.from(times, (_, number) => number);
  if (sampling.kind === 'all') return numbers;
  if (sampling.kind === 'numbers') {
    return numbers.filter((n) => sampling.ranges.some(([first, last]) => n >= first && n <= last));
  }
  const isCount = sampling.kind === 'count';
  const start = Number(decimal(rangeStart - ROUNDING_SECONDS));
  const stretch = Number(decimal(isCount ? rangeSeconds / sampling.count : sampling.everySeconds));
  let before = isCount ? 0 : -1;
  return numbers.filter((n) => {
    const place = Math.floor((times[n] - start) / stretch + (isCount ? 0.5 : 0));
    const isTaken = place > before;
    if (isTaken) before = place;
    return isTaken;
  });
}

/** How many frames a sampling gives, for progress; undefined when only decoding tells. */
export function countSamples(
  plan: SamplingPlan,
  video: { readonly durationSeconds?: number; readonly framesPerSecond: number },
): number | undefined {
  const { sampling, startSeconds = 0, endSeconds = Infinity } = plan;
  if (sampling.kind === 'count') return sampling.count;
  if (sampling.kind === 'numbers') return countNumbers(sampling.ranges);
  const seconds = Math.min(endSeconds, video.durationSeconds ?? Infinity) - startSeconds;
  if (sampling.kind === 'scenes' || !(seconds > 0 && Number.isFinite(seconds))) return undefined;
  const everySeconds = sampling.kind === 'every' ? sampling.everySeconds : 0;
  return Math.max(
    1,
    Math.ceil(seconds / Math.max(everySeconds, 1 / video.framesPerSecond) - ROUNDING_SECONDS),
  );
}

/** How many numbers are in at least one of the ranges. */
export function countNumbers(ranges: readonly (readonly [number, number])[]): number {
  let count = 0;
  let counted = -1;
  for (const [first, last] of [...ranges].sort(([a], [b]) => a - b)) {
    count += Math.max(0, last - Math.max(first - 1, counted));
    counted = Math.max(counted, last);
  }
  return count;
}

/** True where floor((t - start) / stretch + shift) is more than at the frame taken before, `before` at first. */
function firstOfStretch(start: number, stretch: number, shift: number, before: number): string {
  const place = (time: string): string => `floor((${time}-(${decimal(start)}))/${decimal(stretch)}+${shift})`;
  return `gt(${place('t')}\\,if(isnan(prev_selected_t)\\,${before}\\,${place('prev_selected_t')}))`;
}

/** ffmpeg reads no exponents with capital letters or none at all in old versions. */
function decimal(value: number): string {
  return value.toFixed(9);
}
