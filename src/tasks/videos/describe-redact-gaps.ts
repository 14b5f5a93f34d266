import type { Sampling } from '../../base/video/sampling.js';
import type { VideoInfo } from '../../base/video/video-info.js';

/** Without tracks areas stand still between the frames that were looked at: more frames than this show what moves. */
const MAX_STILL_FRAMES = 3;
/** With tracks they move along; who comes and goes in this time is seen, seconds. */
const MAX_TRACKED_SECONDS = 0.5;

/**
 * A warning where so few of a video's frames are looked at that what should be hidden may show between them; undefined
 * where they are enough.
 */
export function describeRedactGaps(
  video: VideoInfo,
  sampling: Sampling,
  isTracked: boolean,
): string | undefined {
  const rate = video.framesPerSecond;
  const allowed = isTracked ? Math.max(1, MAX_TRACKED_SECONDS * rate) : MAX_STILL_FRAMES;
  const gap = gapOf(video, sampling) * rate;
  if (gap <= allowed) return undefined;
  const share = Number.isFinite(gap) ? `one of ${Math.round(gap)} frames is` : 'some frames are';
  return (
    `${video.source.name}: only ${share} looked at, and what shows between them may not be hidden. ` +
    `Look at more: --track --fps ${Math.ceil(rate)}`
  );
}

/** Seconds from one frame that is looked at to the next; infinite where nothing bounds them. */
function gapOf({ durationSeconds = Infinity }: VideoInfo, sampling: Sampling): number {
  if (sampling.kind === 'all') return 0;
  if (sampling.kind === 'every') return sampling.everySeconds;
  return sampling.kind === 'count' ? durationSeconds / sampling.count : Infinity;
}
