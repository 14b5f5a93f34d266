import type { Sampling } from '../../base/video/sampling.js';

/** A sampling, and the part of the video that it covers. */
export interface SamplingPlan {
  readonly sampling: Sampling;
  /** 0 when absent. */
  readonly startSeconds?: number;
  /** The video's end when absent. */
  readonly endSeconds?: number;
  /** Report for each frame whether a shot began since the previous one. */
  readonly findsCuts?: boolean;
}

/**
 * The change (0..1) between two frames that counts as a cut. The cuts of the demo clips score 0.29 and 1.0, movement
 * within them at most 0.04.
 */
export const CUT_THRESHOLD = 0.2;

/** So that a frame whose time is rounded down (0.9999999) still starts its stretch. */
const ROUNDING_SECONDS = 1e-6;

/** A part of a video, in the file's own time. */
export interface SampledRange {
  readonly start: number;
  /** Its length; used by `count`. */
  readonly seconds: number;
  /** From one frame to the next, on average; used by `count`. */
  readonly frameSeconds: number;
  /** Until when the frame is shown that began before the part; absent where there is none. */
  readonly firstUntil?: number | undefined;
}

/** The part of a video that a plan covers. */
export function sampledRange(
  video: {
    readonly startSeconds: number;
    readonly durationSeconds?: number;
    readonly framesPerSecond: number;
  },
  { startSeconds = 0, endSeconds = Infinity }: SamplingPlan,
): SampledRange {
  return {
    start: video.startSeconds + startSeconds,
    seconds: Math.min(endSeconds, video.durationSeconds ?? Infinity) - startSeconds,
    frameSeconds: 1 / video.framesPerSecond,
  };
}

/**
 * The expression of ffmpeg's select filter that is not 0 for frames to take. Frames are taken by their own times, so
 * that a varying rate is sampled evenly in time.
 *
 * @param range the part to sample.
 */
export function selectExpression(sampling: Sampling, range: SampledRange): string {
  switch (sampling.kind) {
    case 'every':
      return firstOfStretch(stretchesOf(sampling, range), 0, -1);
    case 'count':
      return firstOfStretch(stretchesOf(sampling, range), 0.5, firstPart(sampling.count, range));
    case 'scenes':
    case 'numbers':
    case 'all':
      return untimedExpression(sampling);
  }
}

/** The same for samplings that do not depend on time: live input has them, too. */
export function untimedExpression(sampling: Exclude<Sampling, { readonly kind: 'every' | 'count' }>): string {
  switch (sampling.kind) {
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
 * @param times ascending, in the file's own time. @param range as for selectExpression.
 */
export function chooseFrames(
  sampling: Exclude<Sampling, { kind: 'scenes' }>,
  times: Float64Array,
  range: SampledRange,
): number[] {
  const numbers = Array.from(times, (_, number) => number);
  if (sampling.kind === 'numbers') {
    return numbers.filter((n) => sampling.ranges.some(([first, last]) => n >= first && n <= last));
  }
  const isWanted = frameChooser(sampling, range);
  return numbers.filter((n) => isWanted(times[n]));
}

/** Asked about the times of frames in ascending order, tells which of them `every` and `count` take; of others all. */
export function frameChooser(sampling: Sampling, range: SampledRange): (seconds: number) => boolean {
  if (sampling.kind !== 'every' && sampling.kind !== 'count') return () => true;
  const isCount = sampling.kind === 'count';
  const stretches = stretchesOf(sampling, range);
  const [start, stretch] = [Number(decimal(stretches.start)), Number(decimal(stretches.seconds))];
  let before = isCount ? firstPart(sampling.count, range) : -1;
  return (seconds) => {
    const place = Math.floor((Math.max(seconds, start) - start) / stretch + (isCount ? 0.5 : 0));
    const isTaken = place > before;
    if (isTaken) before = place;
    return isTaken;
  };
}

/**
 * One frame for each of `count` equal parts: the first that begins soon after its middle (a quarter of the part), else
 * the one shown there; all where there are fewer. Other than chooseFrames it needs to know the frame after, as for
 * slides that stay for several parts; where frames are closer together both give the same.
 */
export function chooseShown(count: number, times: Float64Array, { start, seconds }: SampledRange): number[] {
  const chosen = new Set<number>();
  const part = seconds / count;
  let next = 0;
  for (let k = 0; k < count; k++) {
    const middle = start + (k + 0.5) * part - ROUNDING_SECONDS;
    while (next < times.length && times[next] < middle) next++;
    const isOwn = next < times.length && times[next] < middle + part / 4;
    const number = isOwn || next === 0 ? next : next - 1;
    if (number < times.length) chosen.add(number);
  }
  return [...chosen].sort((a, b) => a - b);
}

/** Where a frame of `count` frames stands for: from the start of its part, or, if it is shown later, from then. */
export function startOfPart(
  count: number,
  seconds: number,
  { startSeconds, lengthSeconds }: { readonly startSeconds: number; readonly lengthSeconds: number },
): number {
  const part = lengthSeconds / count;
  const place = Math.floor((seconds - startSeconds + ROUNDING_SECONDS) / part);
  const partStart = startSeconds + Math.max(0, place) * part;
  return seconds - partStart >= part / 2 - ROUNDING_SECONDS ? partStart : seconds;
}

/** How many frames a sampling gives, for progress; undefined when only decoding can tell. */
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

/** The parts of a range that give a frame each: the first one's start, and the length of each. */
interface Stretches {
  readonly start: number;
  readonly seconds: number;
}

/**
 * In a part shorter than two frames no frame may begin after its middle: there the frame shown at the middle, which
 * began earlier, counts.
 */
function stretchesOf(
  sampling: Extract<Sampling, { kind: 'every' | 'count' }>,
  { start, seconds, frameSeconds }: SampledRange,
): Stretches {
  if (sampling.kind === 'every') return { start: start - ROUNDING_SECONDS, seconds: sampling.everySeconds };
  const part = seconds / sampling.count;
  const isShort = part < 2 * frameSeconds - ROUNDING_SECONDS;
  return {
    start: isShort ? start - frameSeconds + ROUNDING_SECONDS : start - ROUNDING_SECONDS,
    seconds: part,
  };
}

/** What a frame's place must exceed: one that began before the part counts, if it is still shown at a middle. */
function firstPart(count: number, { start, seconds, firstUntil = -Infinity }: SampledRange): number {
  return firstUntil >= start + seconds / count / 2 ? -1 : 0;
}

/** True where floor((t - start) / stretch + shift) is more than at the frame taken before, `before` at first. */
function firstOfStretch({ start, seconds }: Stretches, shift: number, before: number): string {
  const from = decimal(start);
  const place = (time: string): string =>
    `floor((max(${time}\\,${from})-(${from}))/${decimal(seconds)}+${shift})`;
  return `gt(${place('t')}\\,if(isnan(prev_selected_t)\\,${before}\\,${place('prev_selected_t')}))`;
}

/** ffmpeg does not read exponents with capital letters, and old versions read none at all. */
function decimal(value: number): string {
  return value.toFixed(9);
}
