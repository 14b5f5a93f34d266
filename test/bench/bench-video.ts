// npm run bench -- video [MODEL_MS]: what decoding, sampling and resizing add to the time of the model.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { prepareDemoModel } from '../../src/tasks/demo-model.js';
import { findFfmpeg } from '../../src/video/find-ffmpeg.js';
import { runInChild } from './run-in-child.js';

/** What one run tells of itself. */
export interface VideoMeasurement {
  readonly frames: number;
  readonly wallMs: number;
  /** The model's time for the same frames, alone on the machine. */
  readonly modelMs: number;
  /** Of our process, the engine's not counted. */
  readonly peakMB: number;
}

/** @param args what the model that only waits takes for a frame, milliseconds (default 200). */
export async function bench([modelMs = '200']: readonly string[]): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'pali-bench-'));
  try {
    const { ffmpegPath } = await findFfmpeg();
    const make = (name: string, source: string, ...options: string[]): string => {
      const path = join(folder, name);
      const coded = ['-c:v', 'libx264', '-preset', 'veryfast', '-pix_fmt', 'yuv420p', ...options];
      execFileSync(ffmpegPath, ['-v', 'error', '-f', 'lavfi', '-i', source, ...coded, path]);
      return path;
    };
    print(`${cpus().length} cores, ${cpus()[0].model.trim()}`);
    const minute = make('minute.mp4', 'testsrc2=s=1920x1080:r=25:d=60');
    print('60 s of 1920 x 1080 at 25 frames/s, H.264:');
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
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function measure(path: string, everySeconds: number, model: string): Promise<VideoMeasurement> {
  return runInChild<VideoMeasurement>('video-once.js', [path, String(everySeconds), model]);
}

function report(name: string, { frames, wallMs, modelMs, peakMB }: VideoMeasurement): void {
  print(
    `  ${name}: ${frames} frames in ${(wallMs / 1000).toFixed(1)} s, ${(wallMs / modelMs).toFixed(3)}x the model alone` +
      ` (${(modelMs / 1000).toFixed(1)} s), peak ${peakMB} MB`,
  );
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
