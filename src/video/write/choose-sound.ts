import { runFfmpeg, type FfmpegInput } from '../ffmpeg/run-ffmpeg.js';
import type { FfmpegTools } from '../ffmpeg/find-ffmpeg.js';
import type { VideoInfo } from '../../base/video/video-info.js';
import type { VideoFormat } from './video-format.js';

/** The sound of a part of a video, seconds. */
export interface SoundPart {
  readonly video: VideoInfo;
  readonly startSeconds: number;
  readonly durationSeconds: number;
}

/** Codecs that a container holds as they are; others are encoded anew. */
const mp4Sound = new Set(['aac', 'mp3', 'mp2', 'ac3', 'eac3', 'alac', 'opus', 'flac']);
const webmSound = new Set(['opus', 'vorbis']);
/** What both encoders take; ffmpeg maps others, such as `5.1(side)`, to the nearest. */
const LAYOUTS = 'mono|stereo|3.0|quad|5.0|5.1|7.1';
/** How much of the sound is tried, seconds. */
const TRIED_SECONDS = 1;

/** The input that the sound is read from. */
export function soundInput({ video, startSeconds, durationSeconds }: SoundPart): FfmpegInput {
  const { address, inputOptions } = video.source;
  // A jump to the very beginning would lead to the first picture, which may come later.
  const start = startSeconds === 0 ? [] : ['-ss', startSeconds.toFixed(6)];
  return { source: address, options: [...inputOptions, ...start, '-t', durationSeconds.toFixed(6)] };
}

/**
 * How to write the sound: as it is where the format holds it, or encoded anew. Each way is tried on the first second,
 * as only ffmpeg knows all that may be in its way.
 *
 * @returns undefined when it can be written in no way.
 */
export async function chooseSound(
  tools: FfmpegTools,
  part: SoundPart,
  format: Exclude<VideoFormat, 'gif'>,
): Promise<readonly string[] | undefined> {
  const codec = part.video.audioCodec ?? '';
  const encoder = format === 'mp4' ? 'aac' : 'libopus';
  const ways = [
    ...((format === 'mp4' ? mp4Sound : webmSound).has(codec) ? [['-c:a', 'copy']] : []),
    ['-c:a', encoder, '-af', `aformat=channel_layouts=${LAYOUTS}`],
  ];
  const seconds = Math.min(TRIED_SECONDS, part.durationSeconds);
  for (const way of ways) {
    const { stdout, ended } = runFfmpeg({
      tools,
      inputs: [soundInput({ ...part, durationSeconds: seconds })],
      // A stream cannot be gone back in, as an MP4 file with its index in front needs.
      outputOptions: [
        ...['-map', soundStream(part.video, 0), ...way],
        ...(format === 'mp4' ? ['-movflags', 'frag_keyframe+delay_moov'] : []),
        ...['-f', format],
      ],
      env: part.video.source.env,
    });
    stdout.resume();
    const { error } = await ended;
    if (error === undefined) return way;
  }
  return undefined;
}

/** The video's sound as `-map` names it. @param input the number of the input. */
export function soundStream({ audioIndex = 0 }: VideoInfo, input: number): string {
  return `${input}:${audioIndex}`;
}
