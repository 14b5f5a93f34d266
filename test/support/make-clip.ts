import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { RgbImage } from '../../src/base/image.js';
import { findFfmpeg } from '../../src/video/ffmpeg/find-ffmpeg.js';

/** A plain ground with a square on it. */
export interface Scene {
  readonly ground: readonly [number, number, number];
  readonly square?: { readonly x: number; readonly y: number; readonly side: number };
}

/** A clip to make. */
export interface ClipOptions {
  readonly width: number;
  readonly height: number;
  readonly framesPerSecond: number;
  readonly scenes: readonly Scene[];
  /** ffmpeg's options for the output; lossless H.264 when absent. */
  readonly outputOptions?: readonly string[];
}

/** A white square on a ground of one colour. */
export function drawScene({ ground, square }: Scene, width: number, height: number): RgbImage {
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const isSquare =
        square !== undefined &&
        x >= square.x &&
        x < square.x + square.side &&
        y >= square.y &&
        y < square.y + square.side;
      data.set(isSquare ? [255, 255, 255] : ground, (y * width + x) * 3);
    }
  }
  return { width, height, data };
}

/** Encode drawn scenes, one a frame, to a file of that name in the folder. */
export async function makeClip(folder: string, name: string, options: ClipOptions): Promise<string> {
  const { width, height, framesPerSecond, scenes } = options;
  const path = join(folder, name);
  const { ffmpegPath } = await findFfmpeg();
  const raw = [
    '-f',
    'rawvideo',
    '-pix_fmt',
    'rgb24',
    '-s',
    `${width}x${height}`,
    '-r',
    String(framesPerSecond),
  ];
  const coded = options.outputOptions ?? [
    '-c:v',
    'libx264',
    '-qp',
    '0',
    '-preset',
    'ultrafast',
    '-pix_fmt',
    'yuv444p',
  ];
  const job = promisify(execFile)(ffmpegPath, [
    '-v',
    'error',
    '-y',
    ...raw,
    '-i',
    'pipe:0',
    ...coded,
    `file:${path}`,
  ]);
  for (const scene of scenes) job.child.stdin?.write(drawScene(scene, width, height).data);
  job.child.stdin?.end();
  await job;
  return path;
}

/** Run ffmpeg with plain arguments, as a user would. */
export async function runPlainFfmpeg(args: readonly string[]): Promise<void> {
  const { ffmpegPath } = await findFfmpeg();
  await promisify(execFile)(ffmpegPath, ['-v', 'error', '-y', ...args]);
}

/** The mean colour of a picture, rounded. */
export function meanColor({ data }: RgbImage): [number, number, number] {
  const sums = [0, 0, 0];
  for (let i = 0; i < data.length; i++) sums[i % 3] += data[i];
  return sums.map((sum) => Math.round(sum / (data.length / 3))) as [number, number, number];
}

/** All items of an iterable. */
export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}
