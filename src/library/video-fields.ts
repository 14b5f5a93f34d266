import * as v from 'valibot';
import { UsageError } from '../base/errors.js';
import { redactStyles } from '../base/redact-style.js';
import type { VideoOptions } from '../tasks/videos/video-options.js';

const share = v.pipe(v.number(), v.minValue(0), v.maxValue(1));
const seconds = v.pipe(v.number(), v.minValue(0), v.maxValue(10_000_000));
const path = v.pipe(v.string(), v.nonEmpty());
const frameNumber = v.pipe(v.number(), v.safeInteger(), v.minValue(0), v.maxValue(1_000_000_000));
const count = (max: number) => v.pipe(v.number(), v.safeInteger(), v.minValue(1), v.maxValue(max));

/** Options for videos, with the bounds of the command line's. */
export const videoFields = {
  fps: v.optional(v.pipe(v.number(), v.minValue(0.000_001), v.maxValue(1000))),
  every: v.optional(v.pipe(seconds, v.minValue(0.001))),
  frames: v.optional(count(100_000)),
  scenes: v.optional(v.union([v.literal(true), share])),
  frameNumbers: v.optional(v.pipe(v.array(frameNumber), v.nonEmpty())),
  start: v.optional(seconds),
  end: v.optional(seconds),
  duration: v.optional(v.pipe(seconds, v.minValue(0.001))),
  live: v.optional(v.boolean()),
  skipSimilar: v.optional(v.union([v.literal(true), share])),
  joint: v.optional(v.union([v.literal(true), count(64)])),
  summary: v.optional(v.boolean()),
  track: v.optional(v.boolean()),
  annotate: v.optional(path),
  redact: v.optional(v.picklist(redactStyles)),
  contactSheet: v.optional(path),
  resume: v.optional(path),
};

/** Options for videos as they were given. */
export type VideoFields = v.InferOutput<v.ObjectSchema<typeof videoFields, undefined>>;

/** Where `true` stands for a number, the command line's. */
const DEFAULTS = { scenes: 0.2, skipSimilar: 0.03, joint: 8 };

/** @throws {UsageError} options contradict each other. */
export function toVideoOptions(fields: VideoFields): VideoOptions {
  const { start, end, duration } = fields;
  if (end !== undefined && end <= (start ?? 0)) throw refusal('end is not after start.');
  if (end !== undefined && duration !== undefined) throw refusal('duration and end both say where to stop.');
  return {
    sampling: toSampling(fields),
    startSeconds: start,
    endSeconds: end,
    durationSeconds: duration,
    isLive: fields.live,
    jointFrames: fields.joint === true ? DEFAULTS.joint : fields.joint,
    isSummary: fields.summary ?? false,
    isTracked: fields.track ?? false,
    similarity: fields.skipSimilar === true ? DEFAULTS.skipSimilar : fields.skipSimilar,
    annotate: fields.annotate,
    redact: fields.redact,
    contactSheet: fields.contactSheet,
  };
}

function toSampling({ fps, every, frames, scenes, frameNumbers }: VideoFields): VideoOptions['sampling'] {
  if ([fps, every, frames, scenes, frameNumbers].filter((value) => value !== undefined).length > 1) {
    throw refusal('Only one of fps, every, frames, scenes and frameNumbers says which frames to look at.');
  }
  if (frames !== undefined) return { kind: 'count', count: frames };
  if (scenes !== undefined) return { kind: 'scenes', threshold: scenes === true ? DEFAULTS.scenes : scenes };
  if (frameNumbers !== undefined) {
    return { kind: 'numbers', ranges: frameNumbers.map((number) => [number, number]) };
  }
  return { kind: 'every', everySeconds: every ?? 1 / (fps ?? 1) };
}

function refusal(sentence: string): UsageError {
  return new UsageError('OPTION_VALUE', sentence);
}
