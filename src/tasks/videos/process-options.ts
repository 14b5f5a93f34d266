import type { VideoInfo } from '../../video/probe/video-info.js';
import type { PauseGate } from './pause-gate.js';
import type { RunOptions } from '../inputs/run-options.js';

/** What is told while the work goes on. */
export interface VideoObserver {
  /** The video was looked into; `total` results will come, where that can be known. */
  readonly onStart?: (video: VideoInfo, total: number | undefined) => void;
  /** A frame of live input was dropped, the `total`th. */
  readonly onDrop?: (total: number) => void;
  /** Something is odd about the video, in a sentence. */
  readonly onNote?: (sentence: string) => void;
}

/** How a task runs on a video. */
export interface ProcessOptions extends RunOptions, VideoObserver {
  /** While it is shut no frame is asked about; those that the engine has are answered. */
  readonly gate?: PauseGate | undefined;
  /** Of the images that are handed on: small ones for a preview, so that a frame's memory is let go at once. */
  readonly keepsSmallImages?: boolean | undefined;
}
