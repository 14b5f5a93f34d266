import { findCuts, formatPictures, type FilterOptions, type FrameFilters } from './frame-filters.js';
import type { Sampling } from '../../base/video/sampling.js';
import { untimedExpression } from './sampling-plan.js';
import type { VideoInfo } from '../../base/video/video-info.js';
import { steadyFrames } from './steady-frames.js';

/** Which frames of a live input to take. Times are seconds from the first frame received. */
export interface LivePlan {
  /** Equal parts of an unknown length cannot be sampled: live input has no such sampling. */
  readonly sampling: Exclude<Sampling, { readonly kind: 'count' }>;
  /** How long to look; until the input ends when absent. */
  readonly durationSeconds?: number;
  /** Report for each frame whether a shot began since the previous one. */
  readonly findsCuts?: boolean;
}

/** So that a frame whose time is rounded down (0.9999999) still starts its stretch. */
const ROUNDING_SECONDS = 1e-6;

/** Like buildFrameFilters, for input that starts when ffmpeg opens it and may go on forever. */
export function buildLiveFilters(
  video: VideoInfo,
  { sampling, durationSeconds, findsCuts: wantsCuts }: LivePlan,
  options: Pick<FilterOptions, 'canToneMap'>,
): FrameFilters {
  const steady = steadyFrames(video);
  const filters = [
    ...steady,
    'showinfo=checksum=0',
    // Counted from the first frame.
    ...(durationSeconds === undefined ? [] : [`trim=duration=${durationSeconds.toFixed(6)}`]),
    ...(video.isInterlaced ? ['yadif=mode=send_frame:deint=interlaced'] : []),
    ...(wantsCuts ? findCuts() : []),
    `select=${liveExpression(sampling)}`,
    ...formatPictures(video, options),
    'showinfo=checksum=0',
  ];
  return { graph: filters.join(','), decodedAt: steady.length, takenAt: filters.length - 1 };
}

function liveExpression(sampling: LivePlan['sampling']): string {
  if (sampling.kind !== 'every') return untimedExpression(sampling);
  const place = (time: string): string =>
    `floor((${time}-start_t+${ROUNDING_SECONDS.toFixed(6)})/${sampling.everySeconds.toFixed(9)})`;
  const isNext = `gt(${place('t')}\\,${place('prev_selected_t')})`;
  return `isnan(prev_selected_t)+${isNext}`;
}
