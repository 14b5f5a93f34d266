import { join } from 'node:path';
import {
  checkWeightFiles,
  INDEX_FILE,
  listWeightFiles,
  readIndex,
  type WeightMap,
} from './checkpoint-index.js';
import { canonicalName, isUnused } from './key-layout.js';
import { type CheckpointTensor, openSafetensors } from './open-safetensors.js';
import { refuseWrapped } from './refuse-wrapped.js';
import { damagedSafetensors, printable } from './safetensors-header.js';
import { HEAD } from './tensor-table.js';

/** An open checkpoint. Close it. */
export interface Checkpoint {
  readonly folder: string;
  /** By canonical name (see key-layout). */
  readonly tensors: ReadonlyMap<string, CheckpointTensor>;
  /** The safetensors files, names only. */
  readonly files: readonly string[];
  close(): Promise<void>;
}

/** One open file of a checkpoint. Close it. */
export type CheckpointShard = Pick<Checkpoint, 'tensors' | 'close'>;

/**
 * Open a folder that holds a Hugging Face checkpoint: `model.safetensors`, or shards with an index.
 * @throws {ModelError} there is none. {DamagedFileError} a header is wrong, a shard is missing or truncated.
 */
export async function openCheckpoint(folder: string): Promise<Checkpoint> {
  const index = await readIndex(folder);
  await checkWeightFiles(folder, index);
  const files = listWeightFiles(index);
  const opened: CheckpointShard[] = [];
  const close = async (): Promise<void> => {
    await Promise.all(opened.map((shard) => shard.close()));
  };
  try {
    const tensors = new Map<string, CheckpointTensor>();
    for (const file of files) {
      const shard = await openShard(folder, file, index);
      opened.push(shard);
      for (const [name, tensor] of shard.tensors) {
        if (tensors.has(name)) throw isTwice(join(folder, file), name);
        tensors.set(name, tensor);
      }
    }
    return { folder, tensors, files, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/**
 * Open one file of a checkpoint, which must hold what the index says, and nothing else.
 * @throws {DamagedFileError} its header is wrong, or it disagrees with the index.
 */
export async function openShard(
  folder: string,
  file: string,
  index: WeightMap | undefined,
): Promise<CheckpointShard> {
  const path = join(folder, file);
  const safetensors = await openSafetensors(path);
  try {
    const tensors = new Map<string, CheckpointTensor>();
    refuseWrapped(
      safetensors.tensors.map(({ name }) => name),
      path,
    );
    for (const tensor of safetensors.tensors) {
      if (isUnused(tensor.name)) continue;
      const name = canonicalName(tensor.name);
      if (tensors.has(name)) throw isTwice(path, name);
      if (index && index[tensor.name] !== file) {
        throw damagedSafetensors(path, `tensor ${tensor.name} is in it, but ${INDEX_FILE} does not say so`);
      }
      tensors.set(name, tensor);
    }
    const absent = Object.keys(index ?? {}).find(
      (name) =>
        index![name] === file && !isUnused(name) && !mayBeAbsent(name) && !tensors.has(canonicalName(name)),
    );
    if (absent) throw damagedSafetensors(path, `tensor ${printable(absent)} is missing from it`);
    return { tensors, close: () => safetensors.close() };
  } catch (error) {
    await safetensors.close();
    throw error;
  }
}

/** Some tools write the head of a tied model into the index and not into the shard. */
function mayBeAbsent(name: string): boolean {
  return canonicalName(name) === HEAD;
}

function isTwice(path: string, name: string): Error {
  return damagedSafetensors(path, `tensor ${printable(name)} is there twice`);
}
