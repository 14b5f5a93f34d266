import { execFile } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { pipeline } from 'node:stream';
import { promisify } from 'node:util';
import { showName } from '../../base/show-name.js';
import { CancelledError, InputError } from '../../base/errors.js';
import { findFfmpeg, wasInterrupted } from '../ffmpeg/find-ffmpeg.js';
import { toolEnvironment } from '../ffmpeg/tool-environment.js';
import { parseProbe } from './parse-probe.js';
import type { VideoInfo } from '../../base/video/video-info.js';
import type { VideoSource } from '../../base/video/video-info.js';
import { readFileHead } from '../source/is-video-file.js';
import { nameAnimationDemuxer, nameDemuxer } from '../source/name-demuxer.js';
import { fileSource } from '../source/video-source.js';

/** A healthy file answers in a fraction of a second; a device or a damaged index may never answer. Milliseconds. */
const PROBE_DEADLINE_MS = 60_000;
/** The output of ffprobe is a few kilobytes; a file with thousands of streams must not fill the memory. */
const MAX_PROBE_BYTES = 16 * 1024 * 1024;

/**
 * Look into a video file: size as shown, length, rate, and what its frames need to be decoded correctly.
 *
 * @throws {InputError} missing, empty, cut off, without a moving picture, or not a video.
 * @throws {ToolMissingError} ffprobe is not installed. {CancelledError} `signal` was aborted.
 */
export async function probeVideo(path: string, signal?: AbortSignal): Promise<VideoInfo> {
  const name = showName(path) || basename(path);
  const stats = await stat(path).catch((cause: unknown) => {
    throw new InputError('VIDEO_MISSING', `There is no file ${name}.`, {
      hint: 'Check the path; a name with spaces needs quotes.',
      cause,
    });
  });
  if (stats.isFile() && stats.size === 0) throw new InputError('VIDEO_EMPTY', `${name} is empty.`);
  const head = await readFileHead(path);
  const demuxer = nameDemuxer(head) ?? nameAnimationDemuxer(head);
  return probeSource(fileSource(path, demuxer), signal);
}

/** The same for anything that ffmpeg can open. */
export async function probeSource(source: VideoSource, signal?: AbortSignal): Promise<VideoInfo> {
  const { ffprobePath } = await findFfmpeg();
  const args = ['-v', 'error', ...source.inputOptions, '-of', 'json', '-show_format', '-show_streams'];
  let said = '';
  try {
    const probing = promisify(execFile)(ffprobePath, [...args, source.address], {
      ...(signal ? { signal } : {}),
      env: toolEnvironment(source.env),
      timeout: PROBE_DEADLINE_MS,
      killSignal: 'SIGKILL',
      maxBuffer: MAX_PROBE_BYTES,
      windowsHide: true,
    });
    // ffprobe stops reading as soon as it has seen enough: that is not a failure.
    if (source.bytes && probing.child.stdin) {
      pipeline(source.bytes.peek(), probing.child.stdin, () => undefined);
    }
    const { stdout, stderr } = await probing;
    said = stderr;
    return parseProbe(JSON.parse(stdout), source);
  } catch (error) {
    if (signal?.aborted || wasInterrupted(error)) throw new CancelledError();
    const { stderr = said } = error as { stderr?: string };
    const known = source.explain?.(stderr);
    if (known !== undefined) throw known;
    throw error instanceof InputError ? error : describeFailure(source, error, stderr);
  }
}

function describeFailure({ name }: VideoSource, cause: unknown, stderr: string): InputError {
  if (stderr.includes('moov atom not found')) {
    return new InputError('VIDEO_TRUNCATED', `${name} is incomplete: the index at its end is missing.`, {
      hint: 'Copy or download it again; a recording that was cut off can often be repaired with untrunc.',
      cause,
    });
  }
  if (stderr.includes('Permission denied')) {
    return new InputError('VIDEO_UNREADABLE', `You have no permission to read ${name}.`, { cause });
  }
  if ((cause as { killed?: boolean }).killed) {
    return new InputError('VIDEO_UNREADABLE', `${name} gave no sign of a video for a minute.`, { cause });
  }
  return new InputError('VIDEO_UNREADABLE', `${name} is not a video that ffmpeg can read.`, {
    hint: 'Copy or download it again, or try: ffprobe FILE',
    cause,
  });
}
