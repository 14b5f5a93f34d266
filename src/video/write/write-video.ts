import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { PassThrough } from 'node:stream';
import { closeProperly } from '../../base/signals/close-properly.js';
import { PartFile } from '../../base/files/part-file.js';
import { unwritable, whyUnwritable } from '../../base/files/unwritable.js';
import type { Size } from '../../base/geometry.js';
import type { RgbImage } from '../../base/image.js';
import { EngineError } from '../../base/errors.js';
import { showName } from '../../base/show-name.js';
import { findFfmpeg } from '../ffmpeg/find-ffmpeg.js';
import { keepFrameTimes } from '../frames/frame-filters.js';
import { runFfmpeg, type FfmpegRun } from '../ffmpeg/run-ffmpeg.js';
import { pictureOptions, videoFormatOf } from './video-format.js';
import { chooseSound, soundInput, soundStream, type SoundPart } from './choose-sound.js';
import { timedFrameHead, timedHead, timedInputOptions } from './timed-frames.js';

/** A video to write. */
export interface VideoOutput {
  readonly path: string;
  readonly size: Size;
  /** On average. */
  readonly framesPerSecond: number;
  /** Take the sound of this part of a video. */
  readonly sound?: SoundPart;
  /** Called with a sentence when the sound cannot be taken along. */
  readonly onNote?: ((sentence: string) => void) | undefined;
}

/** Takes frames one after another. */
export interface VideoWriter {
  /**
   * Add a frame of the video's size; waits until the encoder takes more. Its pixels must not change before the next
   * one is added.
   * @param seconds when it is shown, from the video's beginning; ascending. The first is shown from the beginning.
   * @throws {EngineError} ffmpeg could not encode or write it.
   */
  write(image: RgbImage, seconds: number): Promise<void>;
  /**
   * Close the file and give it its name.
   * @param endSeconds until when the last frame is shown; for the time of one when absent.
   * @throws {EngineError} as `write`. {UsageError} the disk is full, or it cannot be renamed.
   */
  finish(endSeconds?: number): Promise<void>;
  /** Stop and remove the unfinished file. */
  discard(): Promise<void>;
}

/** Unfinished files. A process that exits at once, as after a second Ctrl-C, removes them. */
const unfinished = new Set<string>();
// Their writers have been killed by then: run-ffmpeg registered its exit handler first.
process.on('exit', () => unfinished.forEach((path) => rmSync(path, { force: true })));

/** Steps of a second in which times are kept: those of all usual rates fit, and every encoder takes them. */
const TIME_BASE = '1:60000';
/** Of slides that change twice a minute the average says nothing: below this, it is not taken for how long a frame lasts. */
const MIN_RATE = 5;
const USUAL_RATE = 25;
/** What ffmpeg says of a file that it could not write whole, for which 5.1 still ends with 0. */
const NOT_WHOLE = /error writing|av_interleaved_write_frame|no space left|quota exceeded|unable to re-open/i;

/**
 * Start a video file. It has a temporary name until it is finished, so that an older file of the same name survives a
 * failure. Odd sizes get a black line, as the formats need even ones.
 *
 * @throws {UsageError} unknown kind of file. {ToolMissingError} ffmpeg is missing or has no encoder for it.
 */
export async function openVideoWriter(output: VideoOutput): Promise<VideoWriter> {
  const format = videoFormatOf(output.path);
  const tools = await findFfmpeg();
  const { sound, size } = output;
  const hasSound = format !== 'gif' && sound?.video.hasAudio === true;
  const way = hasSound ? await chooseSound(tools, sound, format) : undefined;
  if (hasSound && way === undefined) {
    const codec = sound.video.audioCodec === 'unknown' ? '' : ` (${sound.video.audioCodec})`;
    output.onNote?.(
      `The sound of ${sound.video.source.name}${codec} cannot be kept: ${showName(output.path)} is silent.`,
    );
  }
  const rate = output.framesPerSecond < MIN_RATE ? USUAL_RATE : output.framesPerSecond;
  const coding = await pictureOptions(tools, format, rate);
  const part = await PartFile.open(output.path, { removesStale: true }).catch((cause: unknown) => {
    const why = whyUnwritable(output.path, cause);
    throw new EngineError('VIDEO_UNWRITABLE', `${output.path} could not be written: ${why}.`, { cause });
  });
  const frames = new PassThrough({ highWaterMark: size.width * size.height * 3 });
  frames.write(timedHead(size, rate));
  if (part.isBeside) unfinished.add(part.partPath);
  const run = runFfmpeg({
    tools,
    inputs: [{ source: frames, options: timedInputOptions }, ...(way && sound ? [soundInput(sound)] : [])],
    outputOptions: [
      // The part is there already, with the permissions that it is to have.
      ...['-y', '-map', '0:v:0'],
      ...(way && sound ? ['-map', soundStream(sound.video, 1), ...way] : []),
      ...coding,
      ...keepFrameTimes(tools),
      ...['-enc_time_base', TIME_BASE],
      ...['-f', format],
    ],
    output: `file:${part.partPath}`,
    env: sound?.video.source.env,
  });
  return new FileWriter(output.path, rate, part, frames, run);
}

class FileWriter implements VideoWriter {
  readonly #path: string;
  readonly #frameSeconds: number;
  readonly #part: PartFile;
  readonly #frames: PassThrough;
  readonly #run: FfmpegRun;
  #latest: { readonly image: RgbImage; readonly seconds: number } | undefined;
  #hasEnded = false;

  constructor(path: string, rate: number, part: PartFile, frames: PassThrough, run: FfmpegRun) {
    this.#path = path;
    this.#frameSeconds = 1 / rate;
    this.#part = part;
    this.#frames = frames;
    this.#run = run;
    void run.ended.then(() => (this.#hasEnded = true));
  }

  async write(image: RgbImage, seconds: number): Promise<void> {
    if (this.#hasEnded) return this.#fail();
    const at = this.#latest === undefined ? 0 : seconds;
    this.#latest = { image, seconds: at };
    const { data } = image;
    this.#frames.write(timedFrameHead(data.length, at));
    if (this.#frames.write(Buffer.from(data.buffer, data.byteOffset, data.length))) return;
    const waiting = new AbortController();
    // An encoder that died never drains.
    await Promise.race([
      once(this.#frames, 'drain', waiting).catch(() => undefined),
      this.#run.ended,
    ]).finally(() => waiting.abort());
  }

  async finish(endSeconds = 0): Promise<void> {
    const { image, seconds } = this.#latest ?? { seconds: 0 };
    // Encoders show the last frame for the time of one; it is shown again where it was to stay longer.
    const lastSeconds = endSeconds - this.#frameSeconds;
    if (image !== undefined && lastSeconds > seconds + this.#frameSeconds / 2) {
      await this.write(image, lastSeconds);
    }
    this.#frames.end();
    const { error, wasInterrupted, killedBy, lines } = await closeProperly(this.#run.ended);
    const isCut = !wasInterrupted && lines.some((line) => NOT_WHOLE.test(line));
    if ((error && !wasInterrupted) || killedBy || isCut) await this.#fail();
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
    const { lines, error: cause, killedBy } = await this.#run.ended;
    await this.discard();
    const name = showName(this.#path);
    const full = lines.find((line) => /no space left|quota exceeded/i.test(line));
    if (full !== undefined) {
      throw unwritable(this.#path, Object.assign(new Error(full), { code: 'ENOSPC', cause }));
    }
    const line = lines.findLast((said) => /error|invalid|no such|denied|unable/i.test(said))?.trim();
    const why = killedBy === undefined ? line : `ffmpeg was ended by ${killedBy}`;
    const sentence = `${name} could not be written${why ? `: ${why}` : '.'}`;
    throw new EngineError('VIDEO_UNWRITABLE', sentence, { cause });
  }
}
