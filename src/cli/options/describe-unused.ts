import { UsageError } from '../../base/errors.js';
import { formatOf, type ResultFormat } from '../../render/formats/result-formats.js';
import { printablePath } from '../../render/printable-path.js';
import type { VideoCall } from './video-options.js';

/**
 * Sentences about what was asked of videos in a run that had none.
 * @param isSingle the run had one input.
 */
export function describeUnused(video: VideoCall, format: ResultFormat, isSingle: boolean): string[] {
  const what = isSingle ? 'the input is not a video' : 'none of the inputs is a video';
  return [
    ...(isForFrames(format) ? [`${what}: there are no subtitles.`] : []),
    ...(video.isAsked ? [`${video.asked.join(', ')} did nothing: none of the inputs is a video.`] : []),
  ];
}

/** Whether a format is for frames of videos alone. */
export function isForFrames(format: ResultFormat): boolean {
  return formatOf(format).holds === 'frames';
}

/**
 * @param hasSheet one sheet was drawn for all inputs, rather than one for each video.
 * @throws {UsageError} a video or a sheet for each video was asked for, and there was no video.
 */
export function refuseUnwritten({ options }: VideoCall, hasSheet: boolean): void {
  const path = options.annotate ?? (hasSheet ? undefined : options.contactSheet);
  if (path === undefined) return;
  throw new UsageError('OPTION_VALUE', `${printablePath(path)} was not written: no input is a video.`, {
    hint: 'For pictures use --overlay.',
  });
}
