import type { Engine } from '../../engine/engine.js';
import type { VideoInfo } from '../../base/video/video-info.js';
import type { RunOptions } from '../inputs/run-options.js';
import type { Task } from '../prompts/task.js';
import type { PauseGate } from './pause-gate.js';
import type { VideoOptions } from './video-options.js';

/** A task and the video it runs on, which has already been probed. */
export interface VideoJob {
  readonly video: VideoInfo;
  /** The video's name in results. */
  readonly name: string;
  readonly task: Task;
  readonly engine: Engine;
  readonly options: VideoRunOptions;
}

/** How a task runs on a video. */
export interface VideoRunOptions extends RunOptions, VideoObserver {
  readonly video: VideoOptions;
  /** While it is shut, no frame is asked about; frames that the engine already has are still answered. */
  readonly gate?: PauseGate | undefined;
  /** Make the images that are passed on small, for a preview: a full frame is then released immediately. */
  readonly keepsSmallImages?: boolean | undefined;
}

/** What is reported while the work goes on. */
export interface VideoObserver {
  /** The video has been probed; `total` results will come, if that can be known. */
  readonly onStart?: (video: VideoInfo, total: number | undefined) => void;
  /** A frame of live input was dropped; `total` have been dropped so far. */
  readonly onDrop?: (total: number) => void;
  /** Something is odd about the video; one sentence. */
  readonly onNote?: (sentence: string) => void;
}
