import type { VideoInfo } from '../../base/video/video-info.js';
import type { VideoSource } from '../../base/video/video-info.js';

/**
 * Whether an input keeps running without waiting for us, so that only the newest waiting frame matters: it does
 * (`live`), it waits for us (`file`), or it does if it does not say how long it is (`endless`).
 */
export type Liveness = 'live' | 'file' | 'endless';

/** A video that is not a file: opened when its turn comes. */
export interface VideoStream {
  readonly liveness: Liveness;
  /** @throws {InputError} it cannot or may not be opened. */
  readonly open: (signal: AbortSignal) => Promise<OpenedStream>;
}

/** An opened stream; it must be closed. */
export interface OpenedStream {
  readonly source: VideoSource;
  readonly close: () => Promise<void>;
}

/** @param choice the user's choice; undefined if there is none. */
export function isLiveVideo(liveness: Liveness, video: VideoInfo, choice: boolean | undefined): boolean {
  return choice ?? (liveness === 'live' || (liveness === 'endless' && video.durationSeconds === undefined));
}
