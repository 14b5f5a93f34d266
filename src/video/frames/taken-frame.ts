import type { FfmpegTools } from '../ffmpeg/find-ffmpeg.js';
import type { FirstShown } from './find-first-shown.js';
import type { SamplingPlan } from './sampling-plan.js';
import type { VideoInfo } from '../../base/video/video-info.js';

/** A frame as ffmpeg gave it; times are the file's own. */
export interface TakenFrame {
  /** Number in the video, from 0. */
  readonly index: number;
  readonly fileSeconds: number;
  /** Of the next frame taken; absent at the last. */
  readonly nextSeconds?: number | undefined;
  /** When a shot began, where one did since the frame before. */
  readonly cutSeconds?: number | undefined;
  /** RGB, of the video's size. */
  readonly pixels: Uint8Array;
}

/** What all runs of ffmpeg that take one video's frames share. */
export interface SamplingJob {
  readonly tools: FfmpegTools;
  readonly video: VideoInfo;
  readonly plan: SamplingPlan;
  readonly canToneMap: boolean;
  /** Decoding in order begins at the first frame, not at the plan's start. */
  readonly isFromStart: boolean;
  /** The frame that is shown where the plan starts, if it began earlier. */
  readonly first?: FirstShown | undefined;
  /** Pictures that may be overwritten. */
  readonly spare: Uint8Array[];
  readonly signal?: AbortSignal | undefined;
  /** Called when the video ends before its header says. */
  readonly onNote?: ((sentence: string) => void) | undefined;
}
