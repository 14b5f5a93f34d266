import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { PassThrough } from 'node:stream';
import { closeProperly } from '../../base/signals/close-properly.js';
import { PartFile } from '../../base/files/part-file.js';
import { unwritable, whyUnwritable } from '../../base/files/unwritable.js';
import type { Size } from '../../base/geometry.js';
import type { RgbImage } from '../../base/image.js';
import { EngineError } from '../../base/errors.js';
import { findFfmpeg } from '../ffmpeg/find-ffmpeg.js';
import { runFfmpeg, type FfmpegRun } from '../ffmpeg/run-ffmpeg.js';
import { pictureOptions, soundOptions, videoFormatOf } from './video-format.js';
import type { VideoInfo } from '../../base/video/video-info.js';

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
  /** Stop and remove the unfinished file. */
  discard(): Promise<void>;
}

/** Unfinished files. A process that exits at once, as after a second Ctrl-C, removes them. */
const unfinished = new Set<string>();
// Their writers have been killed by then: run-ffmpeg registered its exit handler first.
process.on('exit', () => unfinished.forEach((path) => rmSync(path, { force: true })));

/**
 * Start a video file. It has a temporary name until it is finished, so that an older file of the same name survives a
 * failure. Odd sizes get a black line, as the formats need even ones.
 *
 * @throws {UsageError} unknown kind of file. {ToolMissingError} ffmpeg is missing or has no encoder for it.
 */
export async function openVideoWriter(output: VideoOutput): Promise<VideoWriter> {
  const format = videoFormatOf(output.path);
  const tools = await findFfmpeg();
  const { width, height } = output.size;
  const frames = new PassThrough({ highWaterMark: width * height * 3 });
  const { sound } = output;
  const hasSound = format !== 'gif' && sound?.video.hasAudio === true;
  const coding = await pictureOptions(tools, format, output.framesPerSecond);
  const part = await PartFile.open(output.path, { removesStale: true }).catch((cause: unknown) => {
    const why = whyUnwritable(output.path, cause);
    throw new EngineError('VIDEO_UNWRITABLE', `${output.path} could not be written: ${why}.`, { cause });
  });
  if (part.isBeside) unfinished.add(part.partPath);
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
      // The part is there already, with the permissions that it is to have.
      ...['-y', '-map', '0:v:0'],
      ...(hasSound ? ['-map', '1:a:0', ...soundOptions(sound.video.audioCodec ?? '', format)] : []),
      ...coding,
      ...['-f', format],
    ],
    output: `file:${part.partPath}`,
    env: sound?.video.source.env,
  });
  return new FileWriter(output.path, part, frames, run);
}

class FileWriter implements VideoWriter {
  readonly #path: string;
  readonly #part: PartFile;
  readonly #frames: PassThrough;
  readonly #run: FfmpegRun;
  #hasEnded = false;

  constructor(path: string, part: PartFile, frames: PassThrough, run: FfmpegRun) {
    this.#path = path;
    this.#part = part;
    this.#frames = frames;
    this.#run = run;
    void run.ended.then(() => (this.#hasEnded = true));
  }

  async write({ data }: RgbImage): Promise<void> {
    if (this.#hasEnded) return this.#fail();
    if (this.#frames.write(Buffer.from(data.buffer, data.byteOffset, data.length))) return;
    const waiting = new AbortController();
    // An encoder that died never drains.
    await Promise.race([
      once(this.#frames, 'drain', waiting).catch(() => undefined),
      this.#run.ended,
    ]).finally(() => waiting.abort());
  }

  async finish(): Promise<void> {
    this.#frames.end();
    const { error, wasInterrupted } = await closeProperly(this.#run.ended);
    if (error && !wasInterrupted) await this.#fail();
    // From here on it is finished work, which stays.
    unfinished.delete(this.#part.partPath);
    await this.#part.commit().catch((cause: unknown) => {
      throw unwritable(this.#path, cause);
    });
  }

  async discard(): Promise<void> {
    this.#run.stop();
    await this.#run.ended;
    this.#frames.destroy();
    await this.#part.discard();
    unfinished.delete(this.#part.partPath);
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
