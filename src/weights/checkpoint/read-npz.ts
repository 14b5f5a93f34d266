import { unzipSync } from 'fflate';
import type { DamagedFileError } from '../../base/errors.js';
import { describeUnread, isUnread, readRegularFile } from '../../base/files/read-regular-file.js';
import { damagedMaskDecoder } from '../../base/mask-decoder-file.js';

/** Google's vae-oid.npz has 8,479,556 bytes. */
const MAX_NPZ_BYTES = 64 * 2 ** 20;

/** An array of a NumPy archive. */
export interface NpzArray {
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/**
 * Read the named arrays of a NumPy .npz archive (a zip of .npy files): little-endian float32, C order.
 * @throws {DamagedFileError} not such an archive, an array is missing or of another kind, or it is too large.
 */
export async function readNpz(path: string, names: readonly string[]): Promise<Map<string, NpzArray>> {
  const content = await readRegularFile(path, MAX_NPZ_BYTES);
  if (isUnread(content)) throw damaged(path, describeUnread(content));
  let files: Record<string, Uint8Array>;
  try {
    files = unzipSync(content, {
      filter: (file) => names.includes(file.name.replace(/\.npy$/, '')) && file.originalSize <= MAX_NPZ_BYTES,
    });
  } catch (cause) {
    throw damaged(path, 'it is not a zip archive', cause);
  }
  return new Map(
    names.map((name) => {
      const bytes = files[`${name}.npy`];
      if (!bytes) throw damaged(path, `the array ${name} is missing`);
      return [name, parseNpy(bytes, name, path)];
    }),
  );
}

/** The .npy format: magic, version, header length, a Python dict as text, then the data. */
function parseNpy(bytes: Uint8Array, name: string, path: string): NpzArray {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const hasMagic = bytes.length > 12 && String.fromCharCode(...bytes.subarray(1, 6)) === 'NUMPY';
  if (!hasMagic) throw damaged(path, `${name} is not an array`);
  const isVersion1 = bytes[6] === 1;
  const start = (isVersion1 ? 10 : 12) + (isVersion1 ? view.getUint16(8, true) : view.getUint32(8, true));
  const header = new TextDecoder().decode(bytes.subarray(10, Math.min(start, bytes.length)));
  const shapeText = /'shape': \(([0-9, ]*)\)/.exec(header)?.[1];
  if (shapeText === undefined || !header.includes("'<f4'") || !header.includes("'fortran_order': False")) {
    throw damaged(path, `${name} is not a float32 array in C order`);
  }
  const shape = shapeText
    .split(',')
    .filter((part) => part.trim() !== '')
    .map(Number);
  const count = shape.reduce((product, dim) => product * dim, 1);
  if (bytes.length - start !== count * 4)
    throw damaged(path, `${name} has ${bytes.length - start} bytes of data`);
  return { shape, values: new Float32Array(bytes.slice(start).buffer) };
}

function damaged(path: string, why: string, cause?: unknown): DamagedFileError {
  return damagedMaskDecoder(`The mask decoder ${path} cannot be read: ${why}.`, cause);
}
