import type { Sampling } from '../../base/video/sampling.js';
import { UsageError } from '../../base/errors.js';
import { sheetPages } from '../../base/sheet-page.js';
import { labelStyles } from '../../render/drawing/label-style.js';
import { redactStyles } from '../../base/redact-style.js';
import type { CommandCall, OptionDefinition } from './command-definition.js';
import { readChoice, readFlag, readNumber, readText } from './read-option.js';
import { readSeconds } from './read-seconds.js';
import { printablePath } from '../../render/printable-path.js';
import { namesFolder } from '../../tasks/videos/video-places.js';
import type { VideoOptions } from '../../tasks/videos/video-options.js';

/** No camera records more frames per second than this. */
const MAX_RATE = 1000;
/** A day of one frame a second. */
const MAX_FRAMES = 100_000;
/** The engine takes no more pictures in one prompt. */
const MAX_JOINT_FRAMES = 64;
const LAST_FRAME = 1_000_000_000;

/** Options for inputs that are videos. */
export const videoOptions: readonly OptionDefinition[] = [
  { flags: '--fps <rate>', description: 'look at this many frames a second (default: 1)' },
  { flags: '--every <time>', description: 'look at one frame per interval: 2s, 500ms, 1:30' },
  { flags: '--frames <count>', description: 'look at this many frames, evenly spaced' },
  {
    flags: '--scenes [change]',
    description: 'look at the first frame of each shot; a cut is a change above this, 0 to 1 (default: 0.2)',
    numberWhenLeftOut: '0.2',
  },
  { flags: '--frame-numbers <list>', description: 'look at these frames, counted from 0: 0,12,40-50' },
  { flags: '--start <time>', description: 'begin here: 10, 2.5s, 00:10, 1:02:03' },
  { flags: '--end <time>', description: 'stop here' },
  { flags: '--duration <time>', description: 'look for this long: 30s, 5m (default: until the end)' },
  {
    flags: '--live',
    description: 'drop frames that arrive faster than answers; cameras and streams always do',
  },
  { flags: '--no-live', description: 'answer every frame of a stream, however late' },
  {
    flags: '--skip-similar [change]',
    description: 'reuse the last answer if no part changed by more than this, 0 to 1 (default: 0.03)',
    numberWhenLeftOut: '0.03',
  },
  {
    flags: '--joint [count]',
    description: 'one prompt about this many frames together (default: 8); for models tuned on videos',
    numberWhenLeftOut: '8',
  },
  { flags: '--summary', description: 'only the different answers, in order' },
  { flags: '--track', description: 'give objects ids that stay with them' },
  {
    flags: '--annotate <path>',
    description:
      'write the video with what was found or answered: .mp4, .webm, .gif, or a folder for several',
  },
];

/** The options for videos, and whether the user gave any. */
export interface VideoCall {
  readonly options: VideoOptions;
  readonly isAsked: boolean;
  /** Those that the user gave, such as `--fps`. */
  readonly asked: readonly string[];
}

/** @throws {UsageError} a value is out of bounds, or options conflict. */
export function readVideoOptions({ options }: CommandCall): VideoCall {
  const startSeconds = readSeconds(options, 'start');
  const endSeconds = readSeconds(options, 'end');
  if (endSeconds !== undefined && endSeconds <= (startSeconds ?? 0)) {
    throw new UsageError('OPTION_VALUE', '--end is not after --start.');
  }
  const durationSeconds = readSeconds(options, 'duration', { min: 0.001 });
  if (durationSeconds !== undefined && endSeconds !== undefined) {
    throw new UsageError('OPTION_VALUE', '--duration and --end both say where to stop.', {
      hint: 'Leave one of them out.',
    });
  }
  const isLive = options['live'];
  const read: VideoOptions = {
    sampling: readSampling(options),
    startSeconds,
    endSeconds,
    durationSeconds,
    isLive: typeof isLive === 'boolean' ? isLive : undefined,
    jointFrames: readNumber(options, 'joint', { min: 1, max: MAX_JOINT_FRAMES, isWhole: true }),
    isSummary: readFlag(options, 'summary'),
    isTracked: readFlag(options, 'track'),
    similarity: readNumber(options, 'skipSimilar', { min: 0, max: 1 }),
    annotate: readText(options, 'annotate'),
    labels: readChoice(options, 'labels', labelStyles),
    redact: readChoice(options, 'redact', redactStyles),
    contactSheet: readText(options, 'contactSheet'),
    sheetPage: readChoice(options, 'sheetPage', sheetPages),
  };
  const asked = videoOptions
    .map(({ flags }) => flags.split(' ')[0].replace('--no-', '--'))
    .filter((flag) => options[toOptionName(flag)] !== undefined);
  return { options: read, isAsked: asked.length > 0, asked: [...new Set(asked)] };
}

/** @throws {UsageError} a file is written for one video, and there may be several. */
export async function checkSingleVideo({ options }: VideoCall, isSingle: boolean): Promise<void> {
  if (isSingle) return;
  const { annotate } = options;
  if (annotate === undefined || (await namesFolder(annotate))) return;
  throw new UsageError('OPTION_VALUE', `--annotate ${printablePath(annotate)} is one file, for one video.`, {
    hint: 'Name a folder, which gets a file for each: --annotate annotated/',
  });
}

function readSampling(options: CommandCall['options']): Sampling {
  const names = ['fps', 'every', 'frames', 'scenes', 'frameNumbers'];
  if (names.filter((name) => options[name] !== undefined).length > 1) {
    throw new UsageError('OPTION_VALUE', 'Only one of these says which frames to look at.', {
      hint: 'Give one of --fps, --every, --frames, --scenes and --frame-numbers.',
    });
  }
  const count = readNumber(options, 'frames', { min: 1, max: MAX_FRAMES, isWhole: true });
  if (count !== undefined) return { kind: 'count', count };
  const threshold = readNumber(options, 'scenes', { min: 0, max: 1 });
  if (threshold !== undefined) return { kind: 'scenes', threshold };
  const list = readText(options, 'frameNumbers');
  if (list !== undefined) return { kind: 'numbers', ranges: readRanges(list) };
  const everySeconds = readSeconds(options, 'every', { min: 1 / MAX_RATE });
  if (everySeconds !== undefined) return { kind: 'every', everySeconds };
  return {
    kind: 'every',
    everySeconds: 1 / (readNumber(options, 'fps', { min: 0.0001, max: MAX_RATE }) ?? 1),
  };
}

function readRanges(list: string): [number, number][] {
  return list.split(',').map((part) => {
    const match = /^\s*(\d+)(?:-(\d+))?\s*$/.exec(part);
    const [first, last] = [Number(match?.[1]), Number(match?.[2] ?? match?.[1])];
    if (match && first <= last && last <= LAST_FRAME) return [first, last];
    throw new UsageError('OPTION_VALUE', `--frame-numbers cannot be '${list}'.`, {
      hint: 'Frames count from 0: 0,12,40-50',
    });
  });
}

/** `--skip-similar [change]` -> `skipSimilar`, as commander names it. */
function toOptionName(flags: string): string {
  return flags
    .split(' ')[0]
    .slice(2)
    .replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
}
