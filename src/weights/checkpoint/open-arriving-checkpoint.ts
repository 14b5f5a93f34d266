import { join } from 'node:path';
import { checkTensors } from './check-tensors.js';
import { INDEX_FILE, listWeightFiles, readIndex, SINGLE_FILE } from './checkpoint-index.js';
import { canonicalName, isUnused } from './key-layout.js';
import { type Checkpoint, type CheckpointShard, openCheckpoint, openShard } from './open-checkpoint.js';
import type { CheckpointTensor } from './open-safetensors.js';
import { refuseWrapped } from './refuse-wrapped.js';
import { damagedSafetensors, printable } from './safetensors-header.js';
import { HEAD, type TensorRow } from './tensor-table.js';

/** Settles once a file of the checkpoint is in its folder, whole and checked; rejects when it never will be. */
export type WaitForFile = (file: string) => Promise<void>;

/**
 * Open a checkpoint whose shards are still being downloaded; its index must be there. The names are known from the
 * index and the shapes from the table, so that everything can be planned; reading a tensor waits for its shard, which
 * is then checked against both. A single-file checkpoint is opened once it has arrived.
 *
 * A head of a tied model is looked for at once: whether it is used depends on what it holds.
 *
 * @param table all tensors, from the configuration.
 * @param isSingleFile `model.safetensors` is to come, whatever an index beside it says.
 * @throws {DamagedFileError} {ModelError} the index and the table do not agree. What is read from the result may throw
 * these too, and what `waitFor` rejects with.
 */
export async function openArrivingCheckpoint(
  folder: string,
  table: readonly TensorRow[],
  waitFor: WaitForFile,
  isSingleFile = false,
): Promise<Checkpoint> {
  const index = isSingleFile ? undefined : await readIndex(folder);
  if (index === undefined) {
    await waitFor(SINGLE_FILE);
    return openCheckpoint(folder);
  }
  const rows = new Map(table.map((row) => [row.name, row]));
  const shards = new Map<string, Promise<CheckpointShard>>();
  const open = async (file: string): Promise<CheckpointShard> => {
    await waitFor(file);
    const shard = await openShard(folder, file, index);
    const expected = [...shard.tensors.keys()].flatMap((name) => rows.get(name) ?? []);
    try {
      checkTensors({ folder, tensors: shard.tensors }, expected);
      return shard;
    } catch (error) {
      await shard.close();
      throw error;
    }
  };
  const openOnce = (file: string): Promise<CheckpointShard> => {
    const shard = shards.get(file) ?? open(file);
    shards.set(file, shard);
    return shard;
  };
  refuseWrapped(Object.keys(index), join(folder, INDEX_FILE));
  const tensors = new Map<string, CheckpointTensor>();
  for (const [stored, file] of Object.entries(index)) {
    if (isUnused(stored)) continue;
    const name = canonicalName(stored);
    if (tensors.has(name)) {
      throw damagedSafetensors(join(folder, INDEX_FILE), `tensor ${printable(name)} is there twice`);
    }
    const shape = rows.get(name)?.shape ?? [];
    tensors.set(
      name,
      arrivingTensor(stored, shape, async () => (await openOnce(file)).tensors.get(name)!),
    );
  }
  const close = async (): Promise<void> => {
    for (const shard of shards.values()) {
      await shard.then(
        (opened) => opened.close(),
        () => undefined,
      );
    }
  };
  const head = Object.keys(index).find((stored) => canonicalName(stored) === HEAD);
  if (head !== undefined && rows.get(HEAD)?.isOptional) {
    const isThere = await openOnce(index[head]).then((shard) => shard.tensors.has(HEAD));
    if (!isThere) tensors.delete(HEAD);
  }
  return { folder, tensors, files: listWeightFiles(index), close };
}

/** A tensor that is found when it is read. */
function arrivingTensor(
  name: string,
  shape: readonly number[],
  find: () => Promise<CheckpointTensor>,
): CheckpointTensor {
  return {
    name,
    shape,
    readDtype: async () => (await find()).readDtype(),
    readRows: async (start, count) => (await find()).readRows(start, count),
    readRawRows: async (start, count) => (await find()).readRawRows(start, count),
  };
}
