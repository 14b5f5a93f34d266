// npm run bench -- overhead [PICTURES [MODEL_MS]]: what pali adds to the time of the model.
import { spawn } from 'node:child_process';
import { linkSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { writeImage } from '../../src/image/draw/encode-image.js';
import { runInChild } from './run-in-child.js';

/** What one run tells of itself. */
export interface OverheadMeasurement {
  readonly pictures: number;
  /** Decoding and resizing one picture, as its result says: others are at work at the same time. */
  readonly decodeMs: number;
  /** What all its threads used for one picture, the start included; that is the same on a busy machine. */
  readonly processorMs: number;
  readonly peakMB: number;
}

/** 12 megapixels, as phones take them. */
const WIDTH = 4000;
const HEIGHT = 3000;
/** Different pictures; the others are the same files under other names. */
const ORIGINALS = 4;

/** @param args pictures (default 100), and what the model takes for each, milliseconds (default 200). */
export async function bench([pictures = '100', modelMs = '200']: readonly string[]): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'pali-bench-'));
  try {
    await writePhotos(join(folder, 'photos'), Number(pictures));
    process.env['PALI_BENCH_MODEL_MS'] = modelMs;
    print(
      `${pictures} JPEGs of ${(WIDTH * HEIGHT) / 1e6} megapixels, a model that takes ${modelMs} ms for each:`,
    );
    for (const jobs of ['1', '8']) {
      const startedAt = performance.now();
      const { peakMB, decodeMs, processorMs } = await runInChild<OverheadMeasurement>('overhead-once.js', [
        join(folder, 'photos'),
        jobs,
        join(folder, 'results.jsonl'),
      ]);
      const wallMs = performance.now() - startedAt;
      const ofModelMs = Number(pictures) * Number(modelMs);
      const added = (wallMs - ofModelMs) / Number(pictures);
      print(
        `--jobs ${jobs}  ${(wallMs / 1000).toFixed(1)} s, ${(wallMs / ofModelMs).toFixed(3)}x the model alone` +
          `  outside the model ${added.toFixed(1)} ms a picture, ${((100 * added) / (wallMs / Number(pictures))).toFixed(1)} % of the wall` +
          `  processor ${processorMs.toFixed(0)} ms a picture, decode and resize ${decodeMs.toFixed(0)} ms  peak ${peakMB} MB`,
      );
    }
    await measureStart(join(folder, 'home'));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Noise on slopes: JPEGs of about 4 MB, as photos have. */
async function writePhotos(folder: string, count: number): Promise<void> {
  mkdirSync(folder);
  for (let i = 0; i < count; i++) {
    const path = join(folder, `${String(i).padStart(4, '0')}.jpg`);
    if (i >= ORIGINALS) {
      linkSync(join(folder, `${String(i % ORIGINALS).padStart(4, '0')}.jpg`), path);
      continue;
    }
    const data = new Uint8Array(WIDTH * HEIGHT * 3);
    let state = i + 1;
    for (let at = 0; at < data.length; at++) {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      data[at] = ((at / (3 * WIDTH)) % 200) + (state >>> 27);
    }
    await writeImage({ width: WIDTH, height: HEIGHT, data }, path);
  }
}

/**
 * From the start of the program to its first inference, with the demo model, beside a process that only loads the same
 * sessions: Node's start, onnxruntime and the files, nothing checked. Both in turns, each the best of seven.
 */
async function measureStart(home: string): Promise<void> {
  // The first run converts the demo model.
  await startOnce(home);
  const starts: number[] = [];
  const loads: number[] = [];
  for (let i = 0; i < 7; i++) {
    starts.push(await startOnce(home));
    loads.push(await loadOnce(join(home, 'models', 'demo', 'fp32')));
  }
  const [startMs, loadMs] = [Math.min(...starts), Math.min(...loads)];
  print(
    `start to first inference ${startMs.toFixed(0)} ms, ${(startMs / loadMs).toFixed(2)}x a process that loads the sessions (${loadMs.toFixed(0)} ms)`,
  );
}

async function loadOnce(modelFolder: string): Promise<number> {
  const startedAt = performance.now();
  const isLoaded = await runInChild<boolean>('sessions-once.js', [modelFolder]);
  if (!isLoaded) throw new Error('The sessions were not loaded.');
  return performance.now() - startedAt;
}

async function startOnce(home: string): Promise<number> {
  const root = new URL('../../../', import.meta.url);
  const args = ['bin/pali.js', 'caption', '--stream', '-q', 'fixtures/gallery/farm.png'];
  const startedAt = performance.now();
  const child = spawn(process.execPath, args, {
    cwd: fileURLToPath(root),
    env: { ...process.env, PALI_HOME: home },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let firstTokenMs = 0;
  for await (const line of createInterface({ input: child.stdout })) {
    const event = JSON.parse(line) as {
      event: string;
      result?: { timings: { visionMs: number; prefillMs: number } };
    };
    if (event.event === 'token' && firstTokenMs === 0) firstTokenMs = performance.now() - startedAt;
    if (event.event !== 'done') continue;
    const { visionMs, prefillMs } = event.result!.timings;
    return firstTokenMs - visionMs - prefillMs;
  }
  throw new Error('The program ended without a result.');
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
