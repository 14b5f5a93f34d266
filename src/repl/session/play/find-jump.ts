import type { VideoInfo } from '../../../base/video/video-info.js';
import type { PlayerCommand } from './player-screen.js';

/** How far the keys for it jump, seconds. */
const JUMP_SECONDS = 5;
/** Times of the same frame may differ by this much, seconds. */
export const EPSILON = 0.0005;

/** Commands after which a video is opened again at a place. */
export type JumpCommand = Extract<PlayerCommand, 'back' | 'ahead' | 'behind' | 'resize'>;

/** Where to go on. */
export interface Place {
  readonly seconds: number;
}

/**
 * Where a command leads, within the video.
 * @param seconds the time of the frame that is shown.
 * @param times those of frames that were met, in order.
 */
export function findJump(
  command: JumpCommand,
  seconds: number,
  { framesPerSecond, durationSeconds = Infinity }: Pick<VideoInfo, 'framesPerSecond' | 'durationSeconds'>,
  times: readonly number[],
): Place {
  if (command === 'back') {
    const before = times.findLast((time) => time < seconds - EPSILON);
    return { seconds: before ?? Math.max(0, seconds - 1 / framesPerSecond) };
  }
  const by = command === 'ahead' ? JUMP_SECONDS : command === 'behind' ? -JUMP_SECONDS : 0;
  const end = Math.max(0, durationSeconds - 1 / framesPerSecond);
  return { seconds: Math.max(0, Math.min(end, seconds + by)) };
}
