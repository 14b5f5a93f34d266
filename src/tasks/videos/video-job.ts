import type { Engine } from '../../engine/engine.js';
import type { VideoInfo } from '../../base/video/video-info.js';
import type { RunOptions } from '../inputs/run-options.js';
import type { Task } from '../prompts/task.js';
import type { PauseGate } from './pause-gate.js';
import type { VideoOptions } from './video-options.js';

/** A task and the video that it runs on, which was looked into already. */
export interface VideoJob {
  readonly video: VideoInfo;
  /** How results call the video. */
  readonly name: string;
  readonly task: Task;
  readonly engine: Engine;
  readonly options: VideoRunOptions;
}

/** How a task runs on a video. */
export interface VideoRunOptions extends RunOptions, VideoObserver {
  readonly video: VideoOptions;
  /** While it is shut no frame is asked about; those that the engine has are answered. */
  readonly gate?: PauseGate | undefined;
  /** Of the images that are handed on: small ones for a preview, so that a frame's memory is let go at once. */
  readonly keepsSmallImages?: boolean | undefined;
}

/** What is told while the work goes on. */
export interface VideoObserver {
  /** The video was looked into; `total` results will come, where that can be known. */
  readonly onStart?: (video: VideoInfo, total: number | undefined) => void;
  /** A frame of live input was dropped, the `total`th. */
  readonly onDrop?: (total: number) => void;
  /** Something is odd about the video, in a sentence. */
  readonly onNote?: (sentence: string) => void;
}
