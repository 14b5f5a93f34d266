import type { Sampling } from '../../base/video/sampling.js';
import type { VideoInfo } from '../../base/video/video-info.js';

/**
 * Without tracks, areas stay still between analysed frames: if the gap is more frames than this, moving things show.
 */
const MAX_STILL_FRAMES = 3;
/** With tracks they move along; anything that comes and goes within a longer gap may be seen. In seconds. */
const MAX_TRACKED_SECONDS = 0.5;

/**
 * A warning if too few of a video's frames are analysed, so that what should be hidden may show between them;
 * undefined if there are enough.
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

/** Seconds from one analysed frame to the next; infinite if there is no limit. */
function gapOf({ durationSeconds = Infinity }: VideoInfo, sampling: Sampling): number {
  if (sampling.kind === 'all') return 0;
  if (sampling.kind === 'every') return sampling.everySeconds;
  return sampling.kind === 'count' ? durationSeconds / sampling.count : Infinity;
}
