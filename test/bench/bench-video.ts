// npm run bench -- video [MODEL_MS]: what decoding, sampling and resizing add to the time of the model.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { prepareDemoModel } from '../../src/models/demo-model.js';
import { findFfmpeg } from '../../src/video/ffmpeg/find-ffmpeg.js';
import { probeVideo } from '../../src/video/probe/probe-video.js';
import { sampleFrames } from '../../src/video/frames/sample-frames.js';
import type { Sampling } from '../../src/base/video/sampling.js';
import { runInChild } from './run-in-child.js';

/** What one run tells of itself. */
export interface VideoMeasurement {
  readonly frames: number;
  readonly wallMs: number;
  /** The model's time for the same frames, alone on the machine. */
  readonly modelMs: number;
  /** Taking the same frames without a model, alone on the machine. */
  readonly framesMs: number;
  /** Of our process, the engine's not counted. */
  readonly peakMB: number;
}

/** @param args what the model that only waits takes for a frame, milliseconds (default 200). */
export async function bench([modelMs = '200']: readonly string[]): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'pali-bench-'));
  try {
    const { ffmpegPath } = await findFfmpeg();
    const runFfmpeg = (...args: string[]): void => {
      execFileSync(ffmpegPath, ['-v', 'error', ...args]);
    };
    const make = (name: string, source: string, ...options: string[]): string => {
      const path = join(folder, name);
      const coded = ['-c:v', 'libx264', '-preset', 'veryfast', '-pix_fmt', 'yuv420p', ...options];
      runFfmpeg('-f', 'lavfi', '-i', source, ...coded, path);
      return path;
    };
    const measureDecoding = (path: string): number => {
      const startedAt = performance.now();
      runFfmpeg('-i', path, '-an', '-f', 'null', '-');
      return performance.now() - startedAt;
    };
    print(`${cpus().length} cores, ${cpus()[0].model.trim()}`);
    const minute = make('minute.mp4', 'testsrc2=s=1920x1080:r=25:d=60');
    const decodingMs = measureDecoding(minute);
    print(`60 s of 1920 x 1080 at 25 frames/s, H.264, which ffmpeg alone decodes in ${seconds(decodingMs)}:`);
    process.env['PALI_BENCH_MODEL_MS'] = modelMs;
    report(`1 frame/s, a model that takes ${modelMs} ms`, await measure(minute, 1, 'waits'));
    const demo = await prepareDemoModel({ store: folder, dtype: 'fp32' });
    for (const rate of [1, 5]) {
      report(`${rate} frame${rate > 1 ? 's' : ''}/s, the demo model`, await measure(minute, 1 / rate, demo));
    }
    const film = make('film.mp4', 'testsrc2=s=1920x1080:r=1:d=7200', '-preset', 'ultrafast', '-g', '60');
    print('2 hours of 1920 x 1080 at 1 frame/s:');
    process.env['PALI_BENCH_MODEL_MS'] = '10';
    report('a frame every 10 s, a model that takes 10 ms', await measure(film, 10, 'waits'));

    const part = make('part.mp4', 'testsrc=s=1920x1080:r=25:d=60', '-crf', '30', '-g', '250');
    const list = join(folder, 'list.txt');
    writeFileSync(list, "file 'part.mp4'\n".repeat(120));
    const long = join(folder, 'long.mp4');
    runFfmpeg('-f', 'concat', '-i', list, '-c', 'copy', long);
    const partMs = measureDecoding(part);
    print(
      `2 hours of 1920 x 1080 at 25 frames/s, of which ffmpeg alone decodes a minute in ${seconds(partMs)}:`,
    );
    await reportSampling('8 frames', long, { kind: 'count', count: 8 }, partMs);
    await reportSampling('a frame every 10 minutes', long, { kind: 'every', everySeconds: 600 }, partMs);
    await reportSampling('a frame every 30 s', long, { kind: 'every', everySeconds: 30 }, partMs);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function measure(path: string, everySeconds: number, model: string): Promise<VideoMeasurement> {
  return runInChild<VideoMeasurement>('video-once.js', [path, String(everySeconds), model]);
}

/** @param minuteMs to decode a minute of it. */
async function reportSampling(
  name: string,
  path: string,
  sampling: Sampling,
  minuteMs: number,
): Promise<void> {
  const startedAt = performance.now();
  let frames = 0;
  for await (const { release } of sampleFrames(await probeVideo(path), { sampling })) {
    frames++;
    release();
  }
  const tookMs = performance.now() - startedAt;
  const part = (100 * tookMs) / (120 * minuteMs);
  print(`  ${name}: ${frames} frames in ${seconds(tookMs)}, ${part.toFixed(1)} % of decoding it all`);
}

function report(name: string, { frames, wallMs, modelMs, framesMs, peakMB }: VideoMeasurement): void {
  const ratio = (baseMs: number): string => `${(wallMs / baseMs).toFixed(2)}x`;
  print(
    `  ${name}: ${frames} frames in ${seconds(wallMs)}, ${ratio(modelMs)} the model alone (${seconds(modelMs)}),` +
      ` ${ratio(framesMs)} taking the frames alone (${seconds(framesMs)}), ${ratio(modelMs + framesMs)} the sum,` +
      ` peak ${peakMB} MB`,
  );
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
