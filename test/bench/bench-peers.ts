// npm run bench -- peers [--part N] [--rounds N] [--folder FOLDER] [--python PYTHON]: beside transformers.js and llama.cpp.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Dtype } from '../../src/base/dtype.js';
import { countCores } from '../../src/base/machine/count-cores.js';
import { makeSyntheticCheckpoint } from '../../src/weights/checkpoint/synthetic-checkpoint.js';
import { convertCheckpoint } from '../../src/weights/convert/convert-checkpoint.js';
import type { MachineLimits } from './machine-limits.js';
import { installPeer, PEERS } from './peers/install-peers.js';
import { partOfPaligemma, type PeerMeasurement } from './peers/peer-sizes.js';
import { comparePeers, type Contender, reportPeers } from './peers/report-peers.js';
import { HUB_DTYPES, writeHubExport } from './peers/write-hub-export.js';
import { writeGguf } from './peers/write-gguf.js';
import { runInChild } from './run-in-child.js';

const OURS: readonly Dtype[] = ['int8', 'int4', 'int8-int4'];

/**
 * @param args `--part N`: an Nth of PaliGemma 3B (default 3; 1 is the whole: 17 GB of disk, and a process of 6 GB);
 * `--rounds N`: how often each contender has its turn (default 2); `--folder`: where packages and models are kept for
 * the next run (about 6 GB for a third); `--python`: one that has torch and transformers, to compare with them too.
 */
export async function bench(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      part: { type: 'string', default: '3' },
      rounds: { type: 'string', default: '2' },
      folder: { type: 'string', default: join(tmpdir(), 'pali-bench-peers') },
      python: { type: 'string' },
    },
  });
  const part = Number(values.part);
  const skipped: string[] = [];
  const contenders = await prepare(values.folder, part, values.python, skipped);
  const limits = await runInChild<MachineLimits>('machine-limits.js', []);
  const results = await comparePeers(contenders, Number(values.rounds));
  const about = `${cpus().length} cores, ${cpus()[0].model.trim()}, Node ${process.versions.node}`;
  process.stdout.write(reportPeers({ part, about, limits, results, skipped }));
}

/** Packages and models, as far as they are not there from the last run. */
async function prepare(
  folder: string,
  part: number,
  python: string | undefined,
  skipped: string[],
): Promise<Contender[]> {
  const config = partOfPaligemma(part);
  const { vision, text, tokens } = config;
  const home = join(folder, `part-${part}`);
  mkdirSync(home, { recursive: true });
  const say = (name: string): void => void process.stderr.write(`making ${name}\n`);
  const contenders: Contender[] = [];
  for (const dtype of OURS) {
    const targetFolder = join(home, dtype);
    if (!existsSync(join(targetFolder, 'manifest.json'))) {
      say(`pali ${dtype}`);
      const source = { path: 'noise' };
      const sourceFolder = 'fixtures/demo';
      await convertCheckpoint(
        { sourceFolder, targetFolder, dtype, tokens, paliVersion: 'bench', source },
        async () => ({ config, checkpoint: makeSyntheticCheckpoint(config) }),
      );
    }
    contenders.push({
      name: `pali ${dtype}`,
      measure: () => runInChild<PeerMeasurement>('peers/pali-once.js', [targetFolder]),
    });
  }
  const llama = installPeer(folder, 'llama.cpp');
  if ('reason' in llama) skipped.push(`node-llama-cpp could not be installed: ${llama.reason}`);
  else {
    for (const format of ['Q4_0', 'Q8_0'] as const) {
      const path = join(home, `${format}.gguf`);
      if (!existsSync(path)) {
        say(`llama.cpp ${format}`);
        await writeGguf(path, text, format);
      }
      contenders.push({
        name: `llama.cpp ${format} (node-llama-cpp ${PEERS['llama.cpp'].version}), text alone`,
        measure: () =>
          runInChild<PeerMeasurement>('peers/llama-once.js', [llama.module, path, String(countCores())]),
      });
    }
  }
  const hub = installPeer(folder, 'transformers.js');
  if ('reason' in hub) skipped.push(`transformers.js could not be installed: ${hub.reason}`);
  else {
    for (const dtype of Object.keys(HUB_DTYPES) as (keyof typeof HUB_DTYPES)[]) {
      const target = join(home, `hub-${dtype}`);
      if (!existsSync(join(target, 'generation_config.json'))) {
        say(`transformers.js ${dtype}`);
        await writeHubExport(target, config, tokens.image, dtype);
      }
      contenders.push({
        name: `transformers.js ${PEERS['transformers.js'].version} ${dtype}`,
        measure: () =>
          runInChild<PeerMeasurement>('peers/transformers-js-once.js', [
            ...[hub.module, target, dtype, String(tokens.image)],
          ]),
      });
    }
  }
  if (python === undefined) skipped.push('transformers in Python needs --python PATH');
  else {
    const sizes = [vision.layers, text.layers, text.vocabSize, countCores()].map(String);
    contenders.push({
      name: 'transformers bf16',
      measure: async () => {
        const script = ['training/measure_transformers.py', ...sizes];
        const output = execFileSync(python, script, {
          encoding: 'utf8',
          stdio: ['ignore', 'pipe', 'ignore'],
        });
        return JSON.parse(output.trim().split('\n').at(-1)!) as PeerMeasurement;
      },
    });
  }
  return contenders;
}
