// npm run bench -- decoder [DTYPE...]: PaliGemma 3B at 224 px with random weights: load, vision, prefill, tokens.
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Dtype } from '../../src/base/dtype.js';
import { convertCheckpoint } from '../../src/weights/convert/convert-checkpoint.js';
import type { MachineLimits } from './machine-limits.js';
import { countWeights, paligemma3b, paligemmaTokens, writeRandomCheckpoint } from './random-checkpoint.js';
import { runInChild } from './run-in-child.js';

/** What one model took. Milliseconds, unless the name says otherwise. */
export interface DecoderMeasurement {
  readonly loadSeconds: number;
  readonly visionMs: number;
  readonly promptTokens: number;
  readonly prefillMs: number;
  readonly tokenMs: number;
  /** One step of eight sequences. */
  readonly eightMs: number;
  readonly peakMB: number;
  readonly anonymousMB: number;
}

/**
 * @param args dtypes (default int4 int8; fp32 needs 25 GB of disk and 20 GB of memory), and `--keep FOLDER` to
 * keep and use again what was converted.
 */
export async function bench(args: readonly string[]): Promise<void> {
  const keepAt = args.indexOf('--keep');
  const kept = keepAt < 0 ? undefined : args[keepAt + 1];
  const wanted = args.filter(
    (_, index) => keepAt < 0 || (index !== keepAt && index !== keepAt + 1),
  ) as Dtype[];
  const folder = kept ?? mkdtempSync(join(tmpdir(), 'pali-bench-'));
  try {
    for (const dtype of wanted.length > 0 ? wanted : (['int4', 'int8'] as const)) {
      await convertOnce(folder, dtype);
      const limits = await runInChild<MachineLimits>('machine-limits.js', []);
      const result = await runInChild<DecoderMeasurement>('decoder-once.js', [join(folder, dtype)]);
      report(dtype, limits, result);
      if (kept === undefined) rmSync(join(folder, dtype), { recursive: true });
    }
  } finally {
    if (kept === undefined) rmSync(folder, { recursive: true, force: true });
  }
}

async function convertOnce(folder: string, dtype: Dtype): Promise<void> {
  const targetFolder = join(folder, dtype);
  if (existsSync(join(targetFolder, 'manifest.json'))) return;
  const sourceFolder = join(folder, 'checkpoint');
  if (!existsSync(join(sourceFolder, 'model.safetensors')))
    await writeRandomCheckpoint(sourceFolder, paligemma3b());
  await convertCheckpoint({
    sourceFolder,
    targetFolder,
    dtype,
    tokens: paligemmaTokens,
    paliVersion: 'bench',
    source: { path: 'random weights' },
  });
}

function report(dtype: Dtype, limits: MachineLimits, result: DecoderMeasurement): void {
  const lines = [
    `${dtype}: float32 GEMM ${limits.gemmGflops.toFixed(0)} GFLOP/s, reading ${limits.readGBPerSecond.toFixed(1)} GB/s (this run)`,
    `  load ${result.loadSeconds.toFixed(1)} s, peak ${result.peakMB} MB, in use ${result.anonymousMB} MB`,
    `  vision ${result.visionMs.toFixed(0)} ms`,
    `  prefill of ${result.promptTokens} tokens ${result.prefillMs.toFixed(0)} ms: ${ratioToGemm(limits, result)}x the time of its float32 GEMMs`,
    `  token ${result.tokenMs.toFixed(0)} ms; eight together ${result.eightMs.toFixed(0)} ms: ${((8 * result.tokenMs) / result.eightMs).toFixed(2)}x the tokens per second`,
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}

/** Two operations for each weight of the text layers and each token. */
function ratioToGemm(limits: MachineLimits, { promptTokens, prefillMs }: DecoderMeasurement): string {
  const layerWeights = countWeights(paligemma3b()) - countWeights(paligemma3b(27, 0));
  const gemmMs = (2 * layerWeights * promptTokens) / limits.gemmGflops / 1e6;
  return (prefillMs / gemmMs).toFixed(2);
}
