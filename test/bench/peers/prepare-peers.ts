import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Dtype } from '../../../src/base/dtype.js';
import { countCores } from '../../../src/base/machine/count-cores.js';
import { makeSyntheticCheckpoint } from '../../../src/weights/checkpoint/synthetic-checkpoint.js';
import { convertCheckpoint } from '../../../src/weights/convert/convert-checkpoint.js';
import { parseManifest } from '../../../src/base/model-manifest.js';
import { tryOutModel } from '../../../src/models/try-out-model.js';
import { runInChild } from '../run-in-child.js';
import { installPeer, PEERS } from './install-peers.js';
import { partOfPaligemma, type PeerMeasurement } from './peer-sizes.js';
import type { Contender } from './report-peers.js';
import { HUB_DTYPES, writeHubExport } from './write-hub-export.js';
import { writeGguf } from './write-gguf.js';

const OURS: readonly Dtype[] = ['int8', 'int4', 'int8-int4'];

/** What takes part. */
export interface PreparedPeers {
  readonly contenders: readonly Contender[];
  /** Folder of our model of a dtype. */
  readonly folderOf: (dtype: Dtype) => string;
  /** Who is missing, and why. */
  readonly skipped: readonly string[];
}

/** Packages and models, as far as they are not there from the last run. */
export async function preparePeers(
  folder: string,
  part: number,
  python: string | undefined,
): Promise<PreparedPeers> {
  const skipped: string[] = [];
  const config = partOfPaligemma(part);
  const { vision, text, tokens } = config;
  const home = join(folder, `part-${part}`);
  mkdirSync(home, { recursive: true });
  const folderOf = (dtype: Dtype): string => join(home, dtype);
  const say = (name: string): void => void process.stderr.write(`making ${name}\n`);
  const contenders: Contender[] = [];
  for (const dtype of OURS) {
    const targetFolder = folderOf(dtype);
    if (!existsSync(join(targetFolder, 'manifest.json'))) {
      say(`pali ${dtype}`);
      const source = { path: 'noise' };
      const sourceFolder = 'fixtures/demo';
      await convertCheckpoint(
        { sourceFolder, targetFolder, dtype, tokens, paliVersion: 'bench', source },
        async () => ({ config, checkpoint: makeSyntheticCheckpoint(config) }),
      );
    }
    // As after every conversion: it packs weights ahead.
    if ((await parseManifest(targetFolder)).probe === undefined) await tryOutModel(targetFolder);
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
  return { contenders, folderOf, skipped };
}
