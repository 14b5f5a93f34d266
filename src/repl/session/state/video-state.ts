import type { Sampling } from '../../../base/video/sampling.js';
import type { TaskResult } from '../../../base/task-result.js';
import type { FilmFrame } from '../../../render/drawing/film-strip.js';
import type { PreparedPicture } from '../../../tasks/inputs/open-picture.js';
import type { VideoInfo } from '../../../base/video/video-info.js';
import type { VideoStream } from '../../../tasks/inputs/video-stream.js';
import type { VideoTaskOutput } from '../../../tasks/videos/frame-results.js';
import type { ShownPicture } from './shown-picture.js';

/** An open video. */
export interface OpenVideo {
  readonly info: VideoInfo;
  readonly path: string;
  /** Live input: opened again for each prompt. It has no frames to go to. */
  readonly stream?: VideoStream | undefined;
  /** The first frame, which stands for the whole. */
  readonly poster: PreparedPicture;
  /** Evenly spaced frames, small. */
  readonly strip: readonly StripFrame[];
  /** The frame that prompts are about; when absent they are about all samples. */
  readonly place?: FramePlace | undefined;
}

/** A frame's place in a video. */
export interface FramePlace {
  /** Frame number in the video, from 0. */
  readonly index: number;
  readonly timeSeconds: number;
  /** Where the next sample begins. */
  readonly endSeconds: number;
  /** Number among the samples, from 1; for a frame between samples, that of the sample before it. */
  readonly number: number;
  readonly total: number;
}

/** A frame in a strip, a few hundred pixels wide. */
export interface StripFrame extends FilmFrame {
  readonly timeSeconds: number;
  /** Ids of the objects, in the order of the detections, when they are tracked. */
  readonly ids?: readonly number[] | undefined;
}

/** A strip as this terminal shows it. */
export interface ShownStrip {
  readonly picture: ShownPicture;
  /** The frames' times, each below the left edge of its frame. */
  readonly times: string;
}

/** A stretch of a video whose samples have the same answer. */
export interface Moment {
  /** In order, one or more. */
  readonly results: readonly TaskResult[];
  readonly startSeconds: number;
  /** The time of its last sample. */
  readonly lastSeconds: number;
}

/** How a video's moments are shown. */
export interface MomentLook {
  /** Decimals of seconds that tell samples apart. */
  readonly decimals: number;
  /** Width of the longest time, columns. */
  readonly timeColumns: number;
  /** Labels so far, in the order in which they are given colours. */
  readonly labels: readonly string[];
}

/** Progress of a prompt about a video. */
export interface VideoProgress {
  readonly done: number;
  /** Number of samples, if it can be known. */
  readonly total?: number | undefined;
  /** Share of the video, 0 to 1. */
  readonly share: number;
  readonly framesPerSecond: number;
  readonly secondsLeft?: number | undefined;
  readonly isPaused: boolean;
  readonly canPause: boolean;
  /** The moment that may still grow. */
  readonly moment?: Moment | undefined;
  readonly look: MomentLook;
  /** Earlier moments were shown, along with the line that asked for them. */
  readonly hasMoments: boolean;
  /** Live input: frames that newer ones replaced. Absent for a video that ends. */
  readonly dropped?: number | undefined;
  /** The newest frame. */
  readonly frame?: StripFrame | undefined;
}

/** A video's answers, for /save, /export, /frame and /show. */
export interface VideoAnswer {
  readonly info: VideoInfo;
  readonly sampling: Sampling;
  /** In order; masks are packed. */
  readonly frames: readonly FrameAnswer[];
  readonly strip: readonly StripFrame[];
}

export type FrameAnswer = Pick<VideoTaskOutput, 'result' | 'cutSeconds'>;
