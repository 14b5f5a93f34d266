// One pull of a checkpoint in a process of its own: ENDPOINT REPOSITORY CACHE TARGET DTYPE. The engine, which tries
// a converted model out, is left out: its memory is the model's.
import { createHubClient } from '../../src/hub/hub-client.js';
import { listSmallFiles, listWeightFiles } from '../../src/hub/checkpoint-files.js';
import { downloadSnapshot } from '../../src/hub/download-snapshot.js';
import { readRepository } from '../../src/hub/read-repository.js';
import type { Dtype } from '../../src/base/dtype.js';
import { convertCheckpoint } from '../../src/weights/convert-checkpoint.js';
import type { PullMeasurement } from './bench-pull.js';
import { readMemory } from './process-memory.js';
import { paligemmaTokens } from './random-checkpoint.js';

const [endpoint, name, cache, targetFolder, dtype] = process.argv.slice(2) as [
  string,
  string,
  string,
  string,
  Dtype,
];
const client = await createHubClient({ endpoint });
const startedAt = performance.now();
const repository = await readRepository(client, name, 'main');
const sourceFolder = await downloadSnapshot(client, repository, cache, listSmallFiles(repository));
await downloadSnapshot(client, repository, cache, await listWeightFiles(repository, sourceFolder));
const downloadSeconds = (performance.now() - startedAt) / 1000;
const downloadPeakMB = readMemory().peak;
await convertCheckpoint({
  sourceFolder,
  targetFolder,
  dtype,
  tokens: paligemmaTokens,
  paliVersion: 'bench',
  source: { path: name },
});
const measurement: PullMeasurement = {
  downloadSeconds,
  downloadPeakMB,
  convertSeconds: (performance.now() - startedAt) / 1000 - downloadSeconds,
  peakMB: readMemory().peak,
};
process.send!(measurement);
