import { isBroadcastStream, JUMP_BACK_SECONDS, JUMP_ON_SECONDS } from '../probe/read-packets.js';
import type { VideoInfo } from '../../base/video/video-info.js';

/**
 * The filters that come first: frames whose size or pixels change in the middle become as the first ones, and times
 * that begin anew, as in joined streams, go on where those before ended. Without a change they leave frames alone.
 */
export function steadyFrames(video: VideoInfo): string[] {
  return [...(video.isTurned ? [] : [sameSize(video)]), continuedTimes(video)];
}

/**
 * Input options: ffmpeg is to send what changes in the middle through the same filters, as new ones count and compare
 * from the beginning. Turned pictures are turned by filters of its own, which can't do that.
 */
export function steadyOptions({ isTurned }: VideoInfo): string[] {
  return isTurned ? [] : ['-reinit_filter', '0'];
}

function sameSize({ storedSize: { width, height } }: VideoInfo): string {
  return `scale=${width}:${height}`;
}

/** ld(0) is what is added to times, ld(1) the time given last, ld(2) this one's, ld(3) 1 after the first. */
function continuedTimes(video: VideoInfo): string {
  const jumpsOn = isBroadcastStream(video) ? `+gt(ld(2),ld(1)+${JUMP_ON_SECONDS}/TB)` : '';
  const begins = `lt(ld(2),ld(1)-${JUMP_BACK_SECONDS}/TB)${jumpsOn}`;
  const frame = `${(1 / video.framesPerSecond).toFixed(9)}/TB`;
  const continued = [
    'st(2,PTS+ld(0))',
    `if(ld(3)*(${begins}),st(0,round(ld(1)+${frame}-PTS)))`,
    'st(3,1)',
    'st(1,PTS+ld(0))',
  ];
  return `setpts='if(isnan(PTS),PTS,${continued.join(';')})'`;
}
