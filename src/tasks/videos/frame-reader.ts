import { InputError } from '../../base/errors.js';
import type { RgbImage } from '../../base/image.js';
import type { Sampling } from '../../base/video/sampling.js';
import type { TaskResult } from '../../base/task-result.js';
import { isAddress, isCamera } from '../inputs/media-input.js';
import type { VideoFrame } from '../../video/frames/sample-frames.js';

/** More stretches of frames than these are picked here rather than by ffmpeg, whose expressions have a limit. */
const MAX_RANGES = 500;

/** The frames of one video that are wanted. */
interface OpenVideo {
  readonly input: string;
  readonly frames: AsyncIterator<VideoFrame>;
  current?: VideoFrame | undefined;
}

/** Reads again the frames of videos that results are about. One video is open at a time. */
export class FrameReader {
  readonly #numbers = new Map<string, number[]>();
  readonly #signal: AbortSignal;
  readonly #failed = new Set<string>();
  #open: OpenVideo | undefined;

  /** @param results all that will be asked about. */
  constructor(results: readonly TaskResult[], signal: AbortSignal) {
    this.#signal = signal;
    for (const { input, frame } of results) {
      if (frame !== undefined) this.#numbers.set(input, [...(this.#numbers.get(input) ?? []), frame.index]);
    }
  }

  /**
   * The frame's picture, which is valid until the next call; undefined if its video failed before.
   * @throws {InputError} the video is gone, was live, or is another one; once for each video.
   * @throws {ToolMissingError} there is no ffmpeg.
   */
  async read({ input, frame, image }: TaskResult): Promise<RgbImage | undefined> {
    if (frame === undefined || this.#failed.has(input)) return undefined;
    try {
      return await this.#find(input, frame.index, image);
    } catch (error) {
      this.#failed.add(input);
      throw error;
    }
  }

  async close(): Promise<void> {
    const open = this.#open;
    this.#open = undefined;
    await open?.frames.return?.();
  }

  async #find(input: string, index: number, size: TaskResult['image']): Promise<RgbImage> {
    const isBehind = this.#open?.current !== undefined && this.#open.current.index > index;
    if (this.#open?.input !== input || isBehind) {
      await this.close();
      this.#open = { input, frames: await this.#start(input) };
    }
    const open = this.#open;
    while (open.current === undefined || open.current.index < index) {
      open.current?.release();
      const next = await open.frames.next();
      if (next.done === true) throw changed(input);
      open.current = next.value;
    }
    const { image } = open.current;
    const isSame = size === undefined || (image.width === size.width && image.height === size.height);
    if (open.current.index !== index || !isSame) throw changed(input);
    return image;
  }

  async #start(input: string): Promise<AsyncIterator<VideoFrame>> {
    if (input === '-' || isAddress(input) || isCamera(input)) {
      throw new InputError('VIDEO_GONE', `${input} cannot be read again: its frames are not drawn.`, {
        hint: 'Draw them in the first run: --overlay, --contact-sheet or --frames-to.',
      });
    }
    // Much code, which pictures do without.
    const { probeVideo } = await import('../../video/probe/probe-video.js');
    const { sampleFrames } = await import('../../video/frames/sample-frames.js');
    const video = await probeVideo(input, this.#signal);
    const plan = { sampling: toSampling(this.#numbers.get(input) ?? []) };
    return sampleFrames(video, plan, { signal: this.#signal })[Symbol.asyncIterator]();
  }
}

function toSampling(numbers: readonly number[]): Sampling {
  const ranges: [number, number][] = [];
  for (const number of [...new Set(numbers)].sort((a, b) => a - b)) {
    const last = ranges.at(-1);
    if (last !== undefined && last[1] === number - 1) last[1] = number;
    else ranges.push([number, number]);
  }
  return ranges.length > MAX_RANGES ? { kind: 'all' } : { kind: 'numbers', ranges };
}

function changed(input: string): InputError {
  return new InputError('PICTURE_CHANGED', `${input} has changed since it was answered about.`, {
    hint: 'Ask again about it.',
  });
}
