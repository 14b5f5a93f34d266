import { UsageError } from '../../base/errors.js';
import { isAddress, isCamera } from '../../tasks/inputs/media-input.js';
import { namesFolder } from '../../tasks/videos/video-places.js';
import type { VideoOptions } from '../../tasks/videos/video-options.js';
import { formatOf, type ResultFormat } from '../../render/formats/result-formats.js';

/**
 * Refuse subtitles for anything but one video, or several videos with a folder.
 * @param names what the call is about.
 * @param output the file or folder to write to, if any.
 * @throws {UsageError} the format is for subtitles, and the input is anything but a video (unless that is known only
 * once it is opened), or the answers are wanted without their times.
 */
export async function checkSubtitles(
  format: ResultFormat,
  names: readonly string[],
  { jointFrames, isSummary }: Pick<VideoOptions, 'jointFrames' | 'isSummary'>,
  output?: string,
): Promise<void> {
  if (formatOf(format).holds !== 'frames') return;
  if (jointFrames !== undefined || isSummary) {
    const option = isSummary ? '--summary' : '--joint';
    throw new UsageError(
      'OPTION_VALUE',
      `--format ${format} says when things are seen, and ${option} does not.`,
      {
        hint: 'Leave one of them out.',
      },
    );
  }
  if (output !== undefined && (await namesFolder(output))) return;
  const [name] = names;
  if (names.length === 1 && (name === '-' || isAddress(name) || isCamera(name))) return;
  const { isVideoInput } = await import('../../tasks/run-media-task.js');
  if (names.length === 1 && (await isVideoInput({ name, pictures: names }, true))) return;
  throw new UsageError('OPTION_VALUE', `--format ${format} writes subtitles, which belong to one video.`, {
    hint: 'Name one video, or a folder for the subtitles of several: --output subtitles/',
  });
}
