// npm run bench -- peers [--part N] [--rounds N] [--folder FOLDER] [--python PYTHON]: beside transformers.js and llama.cpp.
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import type { MachineLimits } from './machine-limits.js';
import { peerOptions } from './peers/peer-options.js';
import { preparePeers } from './peers/prepare-peers.js';
import { comparePeers, reportPeers } from './peers/report-peers.js';
import { runInChild } from './run-in-child.js';

/**
 * @param args `--part N`: an Nth of PaliGemma 3B (default 3; 1 is the whole: 17 GB of disk, and a process of 6 GB);
 * `--rounds N`: how often each contender has its turn (default 2); `--folder`: where packages and models are kept for
 * the next run (about 6 GB for a third); `--python`: one that has torch and transformers, to compare with them too.
 */
export async function bench(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({ args: [...args], options: peerOptions });
  const part = Number(values.part);
  const { contenders, skipped } = await preparePeers(values.folder, part, values.python);
  const limits = await runInChild<MachineLimits>('machine-limits.js', []);
  const results = await comparePeers(contenders, Number(values.rounds));
  const about = `${cpus().length} cores, ${cpus()[0].model.trim()}, Node ${process.versions.node}`;
  process.stdout.write(reportPeers({ part, about, limits, results, skipped }));
}
