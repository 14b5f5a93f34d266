import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { extname } from 'node:path';
import { PassThrough } from 'node:stream';
import { closeProperly } from '../base/close-properly.js';
import type { Size } from '../base/geometry.js';
import type { RgbImage } from '../base/image.js';
import { EngineError, ToolMissingError, UsageError } from '../base/errors.js';
import { findEncoder } from './ffmpeg-features.js';
import { findFfmpeg, type FfmpegTools } from './find-ffmpeg.js';
import { runFfmpeg, type FfmpegRun } from './run-ffmpeg.js';
import type { VideoInfo } from './video-info.js';

/** Kinds of video that are written. */
export type VideoFormat = 'mp4' | 'webm' | 'gif';

/** A video to write. */
export interface VideoOutput {
  readonly path: string;
  readonly size: Size;
  readonly framesPerSecond: number;
  /** Take the sound of this part of a video; seconds. */
  readonly sound?: {
    readonly video: VideoInfo;
    readonly startSeconds: number;
    readonly durationSeconds: number;
  };
}

/** Takes frames one after another. */
export interface VideoWriter {
  /**
   * Add a frame of the video's size; waits until the encoder takes more.
   * @throws {EngineError} ffmpeg could not encode or write it.
   */
  write(image: RgbImage): Promise<void>;
  /** Close the file and give it its name. @throws {EngineError} as `write`. {UsageError} it cannot be renamed. */
  finish(): Promise<void>;
  /** Leave nothing behind. */
  discard(): Promise<void>;
}

/** Good enough that thin lines stay clean; lower is better and larger. */
const H264_QUALITY = '20';
const VP9_QUALITY = '30';
/** A GIF's frames are whole pictures: more than this a second make it enormous. */
const MAX_GIF_RATE = 12;
/** Codecs that a container holds as they are; others are encoded anew. */
const mp4Sound = new Set(['aac', 'mp3', 'mp2', 'ac3', 'eac3', 'alac', 'opus', 'flac']);
const webmSound = new Set(['opus', 'vorbis']);

/** Files under way. A process that ends at once, as after a second Ctrl-C, takes them along. */
const unfinished = new Set<string>();
// Its writers are killed before: run-ffmpeg asked first to be told of the end.
process.on('exit', () => unfinished.forEach((path) => rmSync(path, { force: true })));

/** @throws {UsageError} the name does not end in .mp4, .webm or .gif. */
export function videoFormatOf(path: string): VideoFormat {
  const extension = extname(path).toLowerCase().slice(1);
  if (extension === 'mp4' || extension === 'webm' || extension === 'gif') return extension;
  throw new UsageError('OUTPUT_UNKNOWN_FORMAT', `${path} does not say which kind of video to write.`, {
    hint: 'Let the name end in .mp4, .webm or .gif.',
  });
}

/**
 * Begin a video file. It has another name until it is finished, so that an older file of its name stays when the
 * work fails. Odd sizes get a black line, as the formats need even ones.
 *
 * @throws {UsageError} unknown kind of file. {ToolMissingError} ffmpeg is missing or has no encoder for it.
 */
export async function openVideoWriter(output: VideoOutput): Promise<VideoWriter> {
  const format = videoFormatOf(output.path);
  const tools = await findFfmpeg();
  const temporary = `${output.path}.${randomUUID().slice(0, 8)}.part`;
  const { width, height } = output.size;
  const frames = new PassThrough({ highWaterMark: width * height * 3 });
  const { sound } = output;
  const hasSound = format !== 'gif' && sound?.video.hasAudio === true;
  const coding = await pictureOptions(tools, format, output.framesPerSecond);
  unfinished.add(temporary);
  const run = runFfmpeg({
    tools,
    inputs: [
      {
        source: frames,
        options: [
          ...['-f', 'rawvideo', '-pix_fmt', 'rgb24', '-s', `${width}x${height}`],
          ...['-framerate', String(output.framesPerSecond)],
        ],
      },
      ...(hasSound
        ? [
            {
              source: sound.video.source.address,
              options: [
                ...sound.video.source.inputOptions,
                ...['-ss', sound.startSeconds.toFixed(6), '-t', sound.durationSeconds.toFixed(6)],
              ],
            },
          ]
        : []),
    ],
    outputOptions: [
      ...['-map', '0:v:0'],
      ...(hasSound ? ['-map', '1:a:0', ...soundOptions(sound.video.audioCodec ?? '', format)] : []),
      ...coding,
      ...['-f', format],
    ],
    output: `file:${temporary}`,
    env: sound?.video.source.env,
  });
  return new FileWriter(output.path, temporary, frames, run);
}

class FileWriter implements VideoWriter {
  readonly #path: string;
  readonly #temporary: string;
  readonly #frames: PassThrough;
  readonly #run: FfmpegRun;
  #hasEnded = false;

  constructor(path: string, temporary: string, frames: PassThrough, run: FfmpegRun) {
    this.#path = path;
    this.#temporary = temporary;
    this.#frames = frames;
    this.#run = run;
    void run.ended.then(() => (this.#hasEnded = true));
  }

  async write({ data }: RgbImage): Promise<void> {
    if (this.#hasEnded) return this.#fail();
    if (this.#frames.write(Buffer.from(data.buffer, data.byteOffset, data.length))) return;
    const waiting = new AbortController();
    // An encoder that died never asks for more.
    await Promise.race([
      once(this.#frames, 'drain', waiting).catch(() => undefined),
      this.#run.ended,
    ]).finally(() => waiting.abort());
  }

  async finish(): Promise<void> {
    this.#frames.end();
    const { error, wasInterrupted } = await closeProperly(this.#run.ended);
    if (error && !wasInterrupted) await this.#fail();
    await rename(this.#temporary, this.#path).catch(async (cause: unknown) => {
      await this.discard();
      throw new UsageError('OUTPUT_UNWRITABLE', `${this.#path} cannot be written.`, { cause });
    });
    unfinished.delete(this.#temporary);
  }

  async discard(): Promise<void> {
    this.#run.stop();
    await this.#run.ended;
    this.#frames.destroy();
    await rm(this.#temporary, { force: true });
    unfinished.delete(this.#temporary);
  }

  async #fail(): Promise<never> {
    const { lines, error } = await this.#run.ended;
    await this.discard();
    const why = lines.findLast((line) => /error|invalid|no such|denied|unable|no space/i.test(line));
    throw new EngineError(
      'VIDEO_UNWRITABLE',
      `${this.#path} could not be written${why ? `: ${why.trim()}` : '.'}`,
      {
        cause: error,
      },
    );
  }
}

function soundOptions(codec: string, format: VideoFormat): string[] {
  if ((format === 'mp4' ? mp4Sound : webmSound).has(codec)) return ['-c:a', 'copy'];
  return ['-c:a', format === 'mp4' ? 'aac' : 'libopus'];
}

async function pictureOptions(
  tools: FfmpegTools,
  format: VideoFormat,
  framesPerSecond: number,
): Promise<string[]> {
  if (format === 'gif') {
    // A palette for each frame: one for all would need all frames in memory.
    const palette = 'split[a][b];[a]palettegen=stats_mode=single[p];[b][p]paletteuse=new=1';
    return ['-vf', `fps=${Math.min(framesPerSecond, MAX_GIF_RATE)},${palette}`];
  }
  const names = format === 'mp4' ? ['libx264', 'libopenh264', 'mpeg4'] : ['libvpx-vp9', 'libvpx'];
  const encoder = await findEncoder(tools, names);
  if (encoder === undefined) {
    throw new ToolMissingError('TOOL_MISSING', `This ffmpeg cannot write ${format} files.`, {
      hint: `It needs one of: ${names.join(', ')}.`,
    });
  }
  const even = 'scale=out_color_matrix=bt709:out_range=tv,pad=ceil(iw/2)*2:ceil(ih/2)*2,format=yuv420p';
  const colors = ['-colorspace', 'bt709', '-color_primaries', 'bt709', '-color_trc', 'bt709'];
  return ['-vf', even, '-c:v', encoder, ...(encoderOptions[encoder] ?? []), ...colors];
}

const encoderOptions: Readonly<Record<string, readonly string[]>> = {
  libx264: ['-preset', 'veryfast', '-crf', H264_QUALITY, '-movflags', '+faststart'],
  libopenh264: ['-b:v', '6M', '-movflags', '+faststart'],
  mpeg4: ['-q:v', '3'],
  'libvpx-vp9': ['-crf', VP9_QUALITY, '-b:v', '0', '-deadline', 'realtime', '-cpu-used', '6', '-row-mt', '1'],
  libvpx: ['-crf', '10', '-b:v', '6M', '-deadline', 'realtime', '-cpu-used', '6'],
};
