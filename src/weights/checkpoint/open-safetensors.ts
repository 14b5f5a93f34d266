import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { bfloatToFloat, halfToFloat } from '../../base/half-float.js';
import {
  BYTES_PER_ELEMENT,
  damagedSafetensors,
  headerLength,
  parseSafetensorsHeader,
  type TensorDtype,
  type TensorEntry,
} from './safetensors-header.js';

/** A tensor of a checkpoint, read row by row. */
export interface CheckpointTensor {
  /** Its name in the file. */
  readonly name: string;
  readonly shape: readonly number[];
  /** Element type as stored; F32 for F64. */
  readDtype(): Promise<TensorDtype>;
  /** Read `count` rows (of all dimensions but the first) from row `start`, widened to float32. */
  readRows(start: number, count: number): Promise<Float32Array>;
  /** Read `count` rows in the type that readDtype says. */
  readRawRows(start: number, count: number): Promise<Uint8Array>;
}

/** An open file of tensors. Close it. */
export interface SafetensorsFile {
  /** In the header's order, under the names that the file gives them. */
  readonly tensors: readonly CheckpointTensor[];
  close(): Promise<void>;
}

/**
 * Open a safetensors file and check its header.
 * @throws {DamagedFileError} it cannot be opened, its header is wrong, or it is truncated.
 */
export async function openSafetensors(path: string): Promise<SafetensorsFile> {
  // A pipe that nobody writes to would otherwise be waited for.
  const flags = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);
  const handle = await open(path, flags).catch((cause: unknown) => {
    throw damagedSafetensors(path, 'it cannot be opened', cause);
  });
  try {
    const entries = await readHeader(handle, path);
    return {
      tensors: entries.map((entry) => makeTensor(handle, path, entry)),
      close: () => handle.close(),
    };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

async function readHeader(handle: FileHandle, path: string): Promise<TensorEntry[]> {
  const stats = await handle.stat();
  if (!stats.isFile()) throw damagedSafetensors(path, 'it is not a regular file');
  const { size } = stats;
  const first = await readBytes(handle, 0, Math.min(8, size), path);
  const length = headerLength(first, size, path);
  return parseSafetensorsHeader(await readBytes(handle, 0, 8 + length, path), size, path);
}

function makeTensor(handle: FileHandle, path: string, entry: TensorEntry): CheckpointTensor {
  const rowElements = entry.shape.slice(1).reduce((product, size) => product * size, 1);
  const { dtype } = entry;
  const readStored = (start: number, count: number): Promise<Uint8Array> => {
    const rowBytes = rowElements * BYTES_PER_ELEMENT[dtype];
    return readBytes(handle, entry.offsetBytes + start * rowBytes, count * rowBytes, path);
  };
  const readRawRows = async (start: number, count: number): Promise<Uint8Array> => {
    const stored = await readStored(start, count);
    if (dtype !== 'F64') return stored;
    return new Uint8Array(Float32Array.from(new Float64Array(stored.buffer)).buffer);
  };
  return {
    name: entry.name,
    shape: entry.shape,
    readDtype: async () => (dtype === 'F64' ? 'F32' : dtype),
    readRawRows,
    async readRows(start, count) {
      const raw = await readRawRows(start, count);
      const elements = count * rowElements;
      if (dtype === 'F32' || dtype === 'F64') return new Float32Array(raw.buffer, raw.byteOffset, elements);
      const values = new Float32Array(elements);
      const halves = new Uint16Array(raw.buffer, raw.byteOffset, elements);
      if (dtype === 'BF16') bfloatToFloat(halves, values);
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
    if (bytesRead === 0)
      throw damagedSafetensors(path, `it ended at byte ${position + done} while it was read`);
    done += bytesRead;
  }
  return bytes;
}
