import type { Stats } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { ModelError } from '../base/errors.js';
import { canonicalName } from './key-layout.js';
import { type CheckpointTensor, openSafetensors, type SafetensorsFile } from './open-safetensors.js';
import { damagedSafetensors, isIndexBuffer, printable } from './safetensors-header.js';

/** The index of Google's largest checkpoint has 200 KB. */
const MAX_INDEX_BYTES = 16 * 2 ** 20;
const SINGLE_FILE = 'model.safetensors';
const INDEX_FILE = 'model.safetensors.index.json';

const indexSchema = z.object({ weight_map: z.record(z.string(), z.string()) });

/** An open checkpoint. Close it. */
export interface Checkpoint {
  readonly folder: string;
  /** By canonical name (see key-layout). */
  readonly tensors: ReadonlyMap<string, CheckpointTensor>;
  /** The safetensors files, names only. */
  readonly files: readonly string[];
  close(): Promise<void>;
}

/**
 * Open a folder that holds a Hugging Face checkpoint: `model.safetensors`, or shards with an index.
 * @throws {ModelError} there is none. {DamagedFileError} a header lies, a shard is missing or truncated.
 */
export async function openCheckpoint(folder: string): Promise<Checkpoint> {
  const { files, weightMap } = await listFiles(folder);
  const opened: SafetensorsFile[] = [];
  const close = async (): Promise<void> => {
    await Promise.all(opened.map((file) => file.close()));
  };
  try {
    const tensors = new Map<string, CheckpointTensor>();
    for (const file of files) {
      const path = join(folder, file);
      const safetensors = await openSafetensors(path);
      opened.push(safetensors);
      for (const tensor of safetensors.tensors) {
        if (isIndexBuffer(tensor.name)) continue;
        const name = canonicalName(tensor.name);
        if (tensors.has(name)) throw damagedSafetensors(path, `tensor ${printable(name)} is there twice`);
        if (weightMap && weightMap[tensor.name] !== file) {
          throw damagedSafetensors(path, `tensor ${tensor.name} is in it, but ${INDEX_FILE} does not say so`);
        }
        tensors.set(name, tensor);
      }
    }
    const absent = Object.keys(weightMap ?? {}).find(
      (name) => !isIndexBuffer(name) && !tensors.has(canonicalName(name)),
    );
    if (absent)
      throw damagedSafetensors(
        join(folder, weightMap![absent]),
        `tensor ${printable(absent)} is missing from it`,
      );
    return { folder, tensors, files, close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function listFiles(folder: string): Promise<{ files: string[]; weightMap?: Record<string, string> }> {
  const indexPath = join(folder, INDEX_FILE);
  const indexStats = await statFile(indexPath);
  if (!indexStats) {
    if (await statFile(join(folder, SINGLE_FILE))) return { files: [SINGLE_FILE] };
    throw new ModelError(
      'CHECKPOINT_INCOMPLETE',
      `${folder} holds no weights: neither ${SINGLE_FILE} nor ${INDEX_FILE}.`,
      {
        hint: 'Point to the folder of a PaliGemma checkpoint in the Hugging Face layout.',
      },
    );
  }
  if (indexStats.size > MAX_INDEX_BYTES)
    throw damagedSafetensors(indexPath, `it has ${indexStats.size} bytes`);
  let value: unknown;
  try {
    value = JSON.parse(await readFile(indexPath, 'utf8'));
  } catch (cause) {
    throw damagedSafetensors(indexPath, 'it is not JSON', cause);
  }
  const parsed = indexSchema.safeParse(value);
  if (!parsed.success) throw damagedSafetensors(indexPath, 'it has no weight_map of names to files');
  const weightMap = parsed.data.weight_map;
  const files = [...new Set(Object.values(weightMap))].sort();
  const unsafe = files.find((file) => !/^[A-Za-z0-9._-]+\.safetensors$/.test(file));
  if (unsafe !== undefined) throw damagedSafetensors(indexPath, 'it names a shard outside its folder');
  for (const file of files) {
    if (!(await statFile(join(folder, file)))) {
      throw new ModelError('CHECKPOINT_INCOMPLETE', `The shard ${file} is missing from ${folder}.`, {
        hint: 'Finish the download of the checkpoint, then try again.',
      });
    }
  }
  return { files, weightMap };
}

/** A file's size and dates; undefined for nothing, and for what is no file. */
async function statFile(path: string): Promise<Stats | undefined> {
  const stats = await stat(path).catch(() => undefined);
  return stats?.isFile() ? stats : undefined;
}
