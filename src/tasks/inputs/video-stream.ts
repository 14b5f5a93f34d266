import type { VideoInfo } from '../../base/video/video-info.js';
import type { VideoSource } from '../../base/video/video-info.js';

/**
 * Whether an input goes on without us, so that of frames which wait the newest counts: it does (`live`), it waits for
 * us (`file`), or it does where it does not say how long it is (`endless`).
 */
export type Liveness = 'live' | 'file' | 'endless';

/** A video that is no file: opened when its turn comes. */
export interface VideoStream {
  readonly liveness: Liveness;
  /** @throws {InputError} it cannot be, or may not be opened. */
  readonly open: (signal: AbortSignal) => Promise<OpenedStream>;
}

/** One that was opened; it must be closed. */
export interface OpenedStream {
  readonly source: VideoSource;
  readonly close: () => Promise<void>;
}

/** @param choice what the user said; undefined for nothing. */
export function isLiveVideo(liveness: Liveness, video: VideoInfo, choice: boolean | undefined): boolean {
  return choice ?? (liveness === 'live' || (liveness === 'endless' && video.durationSeconds === undefined));
}
