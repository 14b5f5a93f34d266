import type { Sampling } from '../../../base/video/sampling.js';
import { changeField, parseNumber, readSwitch, type SettingDefinition } from './read-setting.js';

/** The video settings that `/set` changes. */
export interface VideoSettings {
  /** Samples per second, used when neither of the next two chooses the frames. */
  readonly framesPerSecond: number;
  /** This many samples, evenly spaced. */
  readonly frameCount: number | undefined;
  /** A sample for each shot: a cut changes more than this, 0..1. */
  readonly sceneChange: number | undefined;
  /** A frame that differs by this or less, 0..1, reuses the last answer. */
  readonly similarity: number | undefined;
  readonly isTracked: boolean;
}

export const defaultVideoSettings: VideoSettings = {
  framesPerSecond: 1,
  frameCount: undefined,
  sceneChange: undefined,
  similarity: undefined,
  isTracked: false,
};

/** No camera records more frames per second than this. */
const MAX_RATE = 1000;
/** Once in three hours. */
const MIN_RATE = 0.0001;
const MAX_FRAMES = 100_000;
/** What `on` means; the same values as on the command line. */
const SCENE_CHANGE = 0.2;
const SIMILARITY = 0.03;

/** Choosing one way to pick frames turns off the others. */
const bySampling = { frameCount: undefined, sceneChange: undefined };

/** The video settings, in the order of `/set`. */
export const videoSettingDefinitions: readonly SettingDefinition<VideoSettings>[] = [
  {
    key: 'fps',
    description: 'videos: frames to look at per second',
    choices: ['1', '0.5', '2', '5'],
    range: `a number from ${MIN_RATE} to ${MAX_RATE}`,
    read: (value: string): Partial<VideoSettings> | undefined => {
      const framesPerSecond = parseNumber(value, MIN_RATE, MAX_RATE);
      return framesPerSecond === undefined ? undefined : { ...bySampling, framesPerSecond };
    },
    show: ({ framesPerSecond }) => String(framesPerSecond),
  },
  {
    key: 'frames',
    description: 'videos: frames to look at in all, evenly spaced, instead',
    choices: ['off', '8', '16'],
    range: `off, or a whole number from 1 to ${MAX_FRAMES}`,
    read: (value: string): Partial<VideoSettings> | undefined => {
      if (value === 'off') return { frameCount: undefined };
      const frameCount = parseNumber(value, 1, MAX_FRAMES, true);
      return frameCount === undefined ? undefined : { ...bySampling, frameCount };
    },
    show: ({ frameCount }) => String(frameCount ?? 'off'),
  },
  {
    key: 'scenes',
    description: 'videos: look at the first frame of each shot instead',
    choices: ['on', 'off'],
    range: 'on, off, or the change of a cut from 0 to 1',
    read: (value: string): Partial<VideoSettings> | undefined => {
      if (value === 'off') return { sceneChange: undefined };
      const sceneChange = value === 'on' ? SCENE_CHANGE : parseNumber(value, 0, 1);
      return sceneChange === undefined ? undefined : { ...bySampling, sceneChange };
    },
    show: ({ sceneChange }) => String(sceneChange ?? 'off'),
  },
  {
    key: 'skip-similar',
    description: 'videos: reuse the last answer if hardly anything changed',
    choices: ['on', 'off'],
    range: 'on, off, or a change from 0 to 1',
    read: (value: string): Partial<VideoSettings> | undefined => {
      if (value === 'off') return { similarity: undefined };
      const similarity = value === 'on' ? SIMILARITY : parseNumber(value, 0, 1);
      return similarity === undefined ? undefined : { similarity };
    },
    show: ({ similarity }) => String(similarity ?? 'off'),
  },
  {
    key: 'track',
    description: 'videos: objects get numbers that stay with them',
    choices: ['on', 'off'],
    range: 'on or off',
    read: (value) => changeField('isTracked', readSwitch(value)),
    show: ({ isTracked }) => (isTracked ? 'on' : 'off'),
  },
];

/** The settings that exclude each other. */
export const samplingKeys: readonly string[] = ['fps', 'frames', 'scenes'];

/** Which frames these settings select. */
export function samplingOf({ sceneChange, frameCount, framesPerSecond }: VideoSettings): Sampling {
  if (sceneChange !== undefined) return { kind: 'scenes', threshold: sceneChange };
  if (frameCount !== undefined) return { kind: 'count', count: frameCount };
  return { kind: 'every', everySeconds: 1 / framesPerSecond };
}
