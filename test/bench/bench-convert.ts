// npm run bench -- convert: weights per second and peak memory of the converter, on one process.
import { createHash } from 'node:crypto';
import { createReadStream, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Dtype, dtypes } from '../../src/base/dtype.js';
import { countWeights, paligemma3b, writeRandomCheckpoint } from './random-checkpoint.js';
import { runInChild } from './run-in-child.js';

/** The real model has 27 and 18 layers. The embedding table, a fifth of the weights, is whole. */
const VISION_LAYERS = 3;
const TEXT_LAYERS = 2;

/** What one conversion took. */
export interface ConvertMeasurement {
  readonly seconds: number;
  readonly peakMB: number;
}

/** @param args dtypes to measure; all of them when there are none. */
export async function bench(args: readonly string[]): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'pali-bench-'));
  try {
    const spec = paligemma3b(VISION_LAYERS, TEXT_LAYERS);
    const weights = countWeights(spec);
    const whole = countWeights(paligemma3b());
    const source = join(folder, 'checkpoint');
    const sizeBytes = await writeRandomCheckpoint(source, spec);
    print(
      `PaliGemma 3B shapes, bfloat16, ${VISION_LAYERS} of 27 vision and ${TEXT_LAYERS} of 18 text layers:`,
    );
    print(
      `${(weights / 1e6).toFixed(0)} of ${(whole / 1e6).toFixed(0)} M weights, ${(sizeBytes / 1e9).toFixed(2)} GB`,
    );
    const readSeconds = await timeReading(join(source, 'model.safetensors'));
    print(`baseline: reading the file and sha256 over it takes ${readSeconds.toFixed(2)} s`);
    for (const dtype of (args.length > 0 ? args : dtypes) as readonly Dtype[]) {
      const target = join(folder, dtype);
      const { seconds, peakMB } = await runInChild<ConvertMeasurement>('convert-once.js', [
        source,
        target,
        dtype,
      ]);
      rmSync(target, { recursive: true });
      const rate = weights / 1e6 / seconds;
      print(
        `${dtype}  ${seconds.toFixed(1)} s  ${rate.toFixed(0)} M weights/s  ${(seconds / readSeconds).toFixed(1)}x the baseline` +
          `  peak ${peakMB} MB  whole model about ${(whole / 1e6 / rate).toFixed(0)} s`,
      );
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function timeReading(path: string): Promise<number> {
  const startedAt = performance.now();
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path, { highWaterMark: 2 ** 22 })) hash.update(chunk as Buffer);
  hash.digest();
  return (performance.now() - startedAt) / 1000;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
