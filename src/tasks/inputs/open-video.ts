import { isVideoFile } from '../../video/source/is-video-file.js';
import { measureDuration } from '../../video/probe/measure-duration.js';
import { probeVideo } from '../../video/probe/probe-video.js';
import type { VideoInfo } from '../../base/video/video-info.js';

/**
 * Probe a file that may be a video, recognised by its content.
 *
 * @returns undefined if it is not a video.
 * @throws {InputError} a video that cannot be read. {ToolMissingError} ffprobe is not installed.
 * @throws {CancelledError} `signal` was aborted.
 */
export async function openVideo(path: string, signal: AbortSignal): Promise<VideoInfo | undefined> {
  if (!(await isVideoFile(path))) return undefined;
  return measureDuration(await probeVideo(path, signal));
}
