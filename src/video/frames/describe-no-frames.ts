import { InputError } from '../../base/errors.js';
import type { FfmpegEnd } from '../ffmpeg/run-ffmpeg.js';
import type { SamplingPlan } from './sampling-plan.js';
import type { VideoInfo } from '../../base/video/video-info.js';

/** Why a run of ffmpeg gave no frame: the part asked for has none, or the video cannot be decoded. */
export function describeNoFrames(video: VideoInfo, plan: SamplingPlan, end: FfmpegEnd): InputError {
  const { name } = video.source;
  const { startSeconds = 0, endSeconds, sampling } = plan;
  const isPart = startSeconds > 0 || endSeconds !== undefined || sampling.kind === 'numbers';
  if (isPart && end.error === undefined) {
    return new InputError('VIDEO_NO_FRAMES', `${name} has no frame in the part that was asked for.`, {
      hint:
        video.durationSeconds === undefined
          ? 'Choose an earlier part.'
          : `It is ${video.durationSeconds.toFixed(1)} s long.`,
    });
  }
  const why = end.lines.findLast((line) => /error|invalid|unknown|not /i.test(line))?.slice(0, 200);
  return new InputError(
    'VIDEO_UNREADABLE',
    `No frame of ${name} can be decoded${why ? ` (${why.trim()})` : ''}.`,
    {
      cause: end.error,
    },
  );
}
