// One pull of a checkpoint in a process of its own: ENDPOINT REPOSITORY FOLDER DTYPE ORDER. The engine, which tries a
// converted model out, is left out: its memory is the model's.
import { join } from 'node:path';
import { createHubClient } from '../../src/hub/hub-client.js';
import { listSmallFiles } from '../../src/hub/list-small-files.js';
import { downloadSnapshot } from '../../src/hub/download-snapshot.js';
import { readRepository } from '../../src/hub/read-repository.js';
import type { Dtype } from '../../src/base/dtype.js';
import { importModel } from '../../src/models/import-model.js';
import { listWeightFiles, readIndex } from '../../src/weights/checkpoint/checkpoint-index.js';
import { pullModel } from '../../src/models/pull-model.js';
import type { PullMeasurement } from './bench-pull.js';
import { readMemory } from './process-memory.js';
import { paligemmaTokens } from './random-checkpoint.js';

const [endpoint, name, folder, dtype, order] = process.argv.slice(2) as [
  string,
  string,
  string,
  Dtype,
  'together' | 'apart',
];
const cacheFolder = join(folder, 'cache');
const store = join(folder, 'models');
const client = await createHubClient({ endpoint });
const importing = { readTokens: async () => paligemmaTokens, tryOut: async () => undefined };
const startedAt = performance.now();
const since = (): number => (performance.now() - startedAt) / 1000;
let downloadSeconds = 0;
let downloadPeakMB = 0;
if (order === 'together') {
  await pullModel(
    {
      repository: name,
      revision: 'main',
      dtype,
      store,
      isWithoutMasks: true,
      onEvent: (event) => {
        if (event.type === 'download' && event.progress.state === 'done') downloadSeconds = since();
      },
    },
    { client, importing, settings: { endpoint, cacheFolder, tokenPath: '', isOffline: false } },
  );
} else {
  const repository = await readRepository(client, name, 'main');
  const sourceFolder = await downloadSnapshot(client, repository, cacheFolder, listSmallFiles(repository));
  const weights = listWeightFiles(await readIndex(sourceFolder));
  await downloadSnapshot(client, repository, cacheFolder, weights, { filesAtOnce: 1 });
  downloadSeconds = since();
  downloadPeakMB = readMemory().peak;
  await importModel({ sourceFolder, name: 'model', dtype, store }, importing);
}
const measurement: PullMeasurement = {
  downloadSeconds,
  downloadPeakMB,
  totalSeconds: since(),
  peakMB: readMemory().peak,
};
process.send!(measurement);
