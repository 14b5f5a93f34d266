import { type FileHandle, open, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { DamagedFileError, ModelError } from '../base/errors.js';
import { bfloatToFloat, halfToFloat } from '../base/half-float.js';
import { canonicalName } from './key-layout.js';
import {
  headerLength,
  isIndexBuffer,
  parseSafetensorsHeader,
  type TensorEntry,
} from './safetensors-header.js';

/** The index of Google's largest checkpoint has 200 KB. */
const MAX_INDEX_BYTES = 16 * 2 ** 20;
const SINGLE_FILE = 'model.safetensors';
const INDEX_FILE = 'model.safetensors.index.json';

const indexSchema = z.object({ weight_map: z.record(z.string(), z.string()) });

/** A tensor of a checkpoint: known by its canonical name, read row by row. */
export interface CheckpointTensor extends TensorEntry {
  /** Read `count` rows (of all dimensions but the first) from row `start`, widened to float32. */
  readRows(start: number, count: number): Promise<Float32Array>;
  /** Read `count` rows as they are stored. */
  readRawRows(start: number, count: number): Promise<Uint8Array>;
}

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
  const handles: FileHandle[] = [];
  const close = async (): Promise<void> => {
    await Promise.all(handles.map((handle) => handle.close()));
  };
  try {
    const tensors = new Map<string, CheckpointTensor>();
    for (const file of files) {
      const path = join(folder, file);
      const handle = await open(path, 'r').catch((cause: unknown) => {
        throw damaged(path, 'it cannot be opened', cause);
      });
      handles.push(handle);
      for (const entry of await readHeader(handle, path)) {
        if (isIndexBuffer(entry.name)) continue;
        const name = canonicalName(entry.name);
        if (tensors.has(name)) throw damaged(path, `tensor ${name} is there twice`);
        if (weightMap && weightMap[entry.name] !== file) {
          throw damaged(path, `tensor ${entry.name} is in it, but ${INDEX_FILE} does not say so`);
        }
        tensors.set(name, makeTensor(handle, path, entry));
      }
    }
    const absent = Object.keys(weightMap ?? {}).find(
      (name) => !isIndexBuffer(name) && !tensors.has(canonicalName(name)),
    );
    if (absent) throw damaged(join(folder, weightMap![absent]), `tensor ${absent} is missing from it`);
    return { folder, tensors, files, close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function listFiles(folder: string): Promise<{ files: string[]; weightMap?: Record<string, string> }> {
  const indexPath = join(folder, INDEX_FILE);
  const indexStats = await stat(indexPath).catch(() => undefined);
  if (!indexStats) {
    if (await stat(join(folder, SINGLE_FILE)).catch(() => undefined)) return { files: [SINGLE_FILE] };
    throw new ModelError(
      'CHECKPOINT_INCOMPLETE',
      `${folder} holds no weights: neither ${SINGLE_FILE} nor ${INDEX_FILE}.`,
      {
        hint: 'Point to the folder of a PaliGemma checkpoint in the Hugging Face layout.',
      },
    );
  }
  if (indexStats.size > MAX_INDEX_BYTES) throw damaged(indexPath, `it has ${indexStats.size} bytes`);
  let value: unknown;
  try {
    value = JSON.parse(await readFile(indexPath, 'utf8'));
  } catch (cause) {
    throw damaged(indexPath, 'it is not JSON', cause);
  }
  const parsed = indexSchema.safeParse(value);
  if (!parsed.success) throw damaged(indexPath, 'it has no weight_map of names to files');
  const weightMap = parsed.data.weight_map;
  const files = [...new Set(Object.values(weightMap))].sort();
  const unsafe = files.find((file) => !/^[A-Za-z0-9._-]+\.safetensors$/.test(file));
  if (unsafe !== undefined) throw damaged(indexPath, 'it names a shard outside its folder');
  for (const file of files) {
    if (!(await stat(join(folder, file)).catch(() => undefined))) {
      throw new ModelError('CHECKPOINT_INCOMPLETE', `The shard ${file} is missing from ${folder}.`, {
        hint: 'Finish the download of the checkpoint, then try again.',
      });
    }
  }
  return { files, weightMap };
}

async function readHeader(handle: FileHandle, path: string): Promise<TensorEntry[]> {
  const { size } = await handle.stat();
  const first = await readBytes(handle, 0, Math.min(8, size), path);
  const length = headerLength(first, size, path);
  return parseSafetensorsHeader(await readBytes(handle, 0, 8 + length, path), size, path);
}

function makeTensor(handle: FileHandle, path: string, entry: TensorEntry): CheckpointTensor {
  const rowElements = entry.shape.slice(1).reduce((product, size) => product * size, 1);
  const elementBytes = entry.dtype === 'F32' ? 4 : 2;
  const readRawRows = (start: number, count: number): Promise<Uint8Array> => {
    const rowBytes = rowElements * elementBytes;
    return readBytes(handle, entry.offsetBytes + start * rowBytes, count * rowBytes, path);
  };
  return {
    ...entry,
    readRawRows,
    async readRows(start, count) {
      const raw = await readRawRows(start, count);
      const elements = count * rowElements;
      if (entry.dtype === 'F32') return new Float32Array(raw.buffer, raw.byteOffset, elements);
      const values = new Float32Array(elements);
      const halves = new Uint16Array(raw.buffer, raw.byteOffset, elements);
      if (entry.dtype === 'BF16') bfloatToFloat(halves, values);
      else halfToFloat(halves, values);
      return values;
    },
  };
}

/** Read exactly `length` bytes into fresh memory (so that typed arrays may view them). */
async function readBytes(
  handle: FileHandle,
  position: number,
  length: number,
  path: string,
): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  let done = 0;
  while (done < length) {
    const { bytesRead } = await handle.read(bytes, done, length - done, position + done);
    if (bytesRead === 0) throw damaged(path, `it ended at byte ${position + done} while it was read`);
    done += bytesRead;
  }
  return bytes;
}

function damaged(path: string, why: string, cause?: unknown): DamagedFileError {
  return new DamagedFileError('CHECKPOINT_DAMAGED', `The checkpoint file ${path} is damaged: ${why}.`, {
    hint: 'Download it again, or compare its sha256 with the one on the hub.',
    cause,
  });
}
