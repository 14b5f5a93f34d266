import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { findFfmpeg } from '../ffmpeg/find-ffmpeg.js';
import type { VideoInfo } from '../../base/video/video-info.js';
import { toolEnvironment } from '../ffmpeg/tool-environment.js';

/** When each frame of a video is shown, read from its packets without decoding. */
export interface FrameTimes {
  /** In units of `unitSeconds`, the file's own time, ascending. */
  readonly pts: Float64Array;
  /** 1 for frames that can be decoded without others. */
  readonly isKey: Uint8Array;
  readonly unitSeconds: number;
}

/** Ten days at 25 frames a second; more times are not kept. */
const MAX_FRAMES = 21_600_000;

/**
 * Read the times of a video's frames. Reads the whole file, but decodes nothing.
 *
 * @returns undefined when its packets do not make them clear: damaged, without times, two frames at one time, or not
 * beginning with a key frame.
 */
export async function readFrameTimes(
  video: VideoInfo,
  signal?: AbortSignal,
): Promise<FrameTimes | undefined> {
  const { ffprobePath } = await findFfmpeg();
  const child = spawn(
    ffprobePath,
    [
      ...['-v', 'error', ...video.source.inputOptions, '-of', 'csv'],
      ...['-select_streams', String(video.streamIndex)],
      ...['-show_entries', 'packet=pts,flags:stream=time_base', video.source.address],
    ],
    {
      stdio: ['ignore', 'pipe', 'ignore'],
      windowsHide: true,
      env: toolEnvironment(video.source.env),
      killSignal: 'SIGKILL',
      ...(signal && { signal }),
    },
  );
  const ended = once(child, 'close').catch(() => [1]) as Promise<[number | null]>;
  const packets = new PacketList();
  try {
    for await (const line of createInterface({ input: child.stdout })) {
      if (!packets.addLine(line)) return undefined;
    }
    const [exitCode] = await ended;
    return exitCode === 0 ? packets.toFrameTimes() : undefined;
  } finally {
    child.kill('SIGKILL');
  }
}

class PacketList {
  #pts: number[] = [];
  #keys: boolean[] = [];
  #unitSeconds = NaN;
  #first: number | undefined;

  /** @returns false once it is clear that the list will be useless. */
  addLine(line: string): boolean {
    const [kind, value = '', flags = ''] = line.split(',');
    if (kind === 'stream') {
      const [numerator, denominator] = value.split('/').map(Number);
      this.#unitSeconds = numerator / denominator;
    }
    if (kind !== 'packet') return true;
    const pts = Number.parseInt(value, 10);
    const isKey = flags.startsWith('K');
    this.#first ??= isKey ? pts : NaN;
    // Frames that are shown before the first key frame cannot be decoded.
    if (!(pts >= this.#first) || flags.includes('C') || this.#pts.length >= MAX_FRAMES) return false;
    // An edit list leaves these out.
    if (flags.includes('D')) return true;
    this.#pts.push(pts);
    this.#keys.push(isKey);
    return true;
  }

  toFrameTimes(): FrameTimes | undefined {
    const order = Uint32Array.from(this.#pts, (_, i) => i).sort((a, b) => this.#pts[a] - this.#pts[b]);
    const pts = Float64Array.from(order, (i) => this.#pts[i]);
    const isKey = Uint8Array.from(order, (i) => Number(this.#keys[i]));
    const isClear = pts.every((time, i) => i === 0 || time > pts[i - 1]);
    return isClear && pts.length > 0 && this.#unitSeconds > 0
      ? { pts, isKey, unitSeconds: this.#unitSeconds }
      : undefined;
  }
}
