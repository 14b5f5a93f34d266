import { ModelError } from '../base/errors.js';
import { candidateRevisions, chooseRevision } from '../hub/choose-revision.js';
import { findSnapshot, type FoundSnapshot } from '../hub/find-snapshot.js';
import type { HubClient } from '../hub/hub-client.js';
import type { HubSettings } from '../hub/hub-settings.js';
import { readRepository, type Repository } from '../hub/read-repository.js';
import { ADAPTER_CONFIG_FILE } from '../weights/adapter/adapter-config.js';
import { checkWeightFiles, readIndex } from '../weights/checkpoint/checkpoint-index.js';
import { orderShards } from '../weights/checkpoint/order-shards.js';
import { readConfig } from '../weights/checkpoint/read-config.js';
import { listTensors } from '../weights/checkpoint/tensor-table.js';
import type { PullOptions } from './pull-options.js';

/**
 * The revision that was asked for, or the smallest official one that serves the dtype: on the hub, or in the cache
 * when offline.
 * @throws {ModelError} there is none. {NetworkError} the hub cannot be reached.
 */
export async function findCheckpoint(
  { repository, revision, dtype, signal }: PullOptions,
  client: HubClient,
  { isOffline, cacheFolder }: HubSettings,
): Promise<Repository | FoundSnapshot> {
  if (!isOffline) {
    return revision === undefined
      ? chooseRevision(client, repository, dtype, signal)
      : readRepository(client, repository, revision, signal);
  }
  const revisions = revision === undefined ? [...candidateRevisions(dtype)].reverse() : [revision];
  const found = await findSnapshot(cacheFolder, repository, revisions, 'config.json');
  const adapter = await findSnapshot(cacheFolder, repository, revisions, ADAPTER_CONFIG_FILE);
  if (found ?? adapter) return (found ?? adapter)!;
  const what = revision === undefined ? repository : `${repository} at revision ${revision}`;
  throw new ModelError('OFFLINE', `HF_HUB_OFFLINE is set, and the cache does not hold ${what}.`, {
    hint: 'Unset HF_HUB_OFFLINE to download it.',
  });
}

/**
 * The shards of a checkpoint that is on this computer, in the order in which a conversion needs them.
 * @throws {ModelError} one is missing. {DamagedFileError} the index is invalid.
 */
export async function listShards(folder: string): Promise<{ folder: string; weights: string[] }> {
  const table = listTensors(await readConfig(folder));
  const index = await readIndex(folder);
  await checkWeightFiles(folder, index);
  return { folder, weights: orderShards(index, table) };
}
