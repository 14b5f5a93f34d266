// npm run bench -- synthetic [--runs N] [--dtype DTYPE] [--folder FOLDER]: pali bench --synthetic beside the whole model.
import { existsSync, mkdirSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Dtype } from '../../src/base/dtype.js';
import type { Measurement } from '../../src/diagnostics/measure-model.js';
import { makeSyntheticCheckpoint } from '../../src/weights/checkpoint/synthetic-checkpoint.js';
import { convertCheckpoint } from '../../src/weights/convert/convert-checkpoint.js';
import { partOfPaligemma } from './peers/peer-sizes.js';
import { runInChild } from './run-in-child.js';

const FIELDS = ['loadMs', 'visionMs', 'prefillMs', 'tokenMs'] as const;

/**
 * @param args `--runs` (default 5), `--dtype` (default int4, whose whole model needs 3 GB of memory), `--folder` where
 * the whole model is kept.
 */
export async function bench(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      runs: { type: 'string', default: '5' },
      dtype: { type: 'string', default: 'int4' },
      folder: { type: 'string', default: join(tmpdir(), 'pali-bench-peers') },
    },
  });
  const dtype = values.dtype as Dtype;
  const modelFolder = await makeWhole(join(values.folder, 'part-1'), dtype);
  const wholes: Measurement[] = [];
  const guesses: Measurement[] = [];
  for (let run = 1; run <= Number(values.runs); run++) {
    process.stderr.write(`run ${run} of ${values.runs}\n`);
    wholes.push(await runInChild<Measurement>('synthetic-once.js', ['whole', modelFolder]));
    guesses.push(await runInChild<Measurement>('synthetic-once.js', ['guess', dtype]));
  }
  const rows = FIELDS.map((field) => {
    const all = wholes.map((whole) => whole[field]);
    const best = Math.min(...all);
    const ratios = guesses.map((guess) => (guess[field] / best).toFixed(2));
    const spread = `${best.toFixed(0)} to ${Math.max(...all).toFixed(0)} ms`;
    return `| ${field.replace('Ms', '')} | ${spread} | ${ratios.join(', ')} |`;
  });
  process.stdout.write(
    [
      `PaliGemma 3B at 224 px, ${dtype}, random weights; ${cpus().length} cores, ${cpus()[0].model.trim()}.`,
      '',
      `| | whole model, ${values.runs} runs | \`pali bench --synthetic\`, of the least |`,
      '|---|---|---|',
      ...rows,
      '',
    ].join('\n'),
  );
}

async function makeWhole(home: string, dtype: Dtype): Promise<string> {
  const targetFolder = join(home, dtype);
  if (existsSync(join(targetFolder, 'manifest.json'))) return targetFolder;
  process.stderr.write(`making the whole model\n`);
  mkdirSync(home, { recursive: true });
  const config = partOfPaligemma(1);
  await convertCheckpoint(
    {
      sourceFolder: 'fixtures/demo',
      targetFolder,
      dtype,
      tokens: config.tokens,
      paliVersion: 'bench',
      source: { path: 'noise' },
    },
    async () => ({ config, checkpoint: makeSyntheticCheckpoint(config) }),
  );
  return targetFolder;
}
