import * as v from 'valibot';
import { DamagedFileError, ModelError } from '../../base/errors.js';

/** Element types in which weights are handled. */
export type TensorDtype = 'F32' | 'F16' | 'BF16';
/** Element types that are read; F64 becomes F32 on the way. */
export type StoredDtype = TensorDtype | 'F64';

export const BYTES_PER_ELEMENT: Record<StoredDtype, number> = { F64: 8, F32: 4, F16: 2, BF16: 2 };

/** Where a tensor lies in its file. */
export interface TensorEntry {
  readonly name: string;
  readonly dtype: StoredDtype;
  readonly shape: readonly number[];
  /** From the start of the file. */
  readonly offsetBytes: number;
  readonly sizeBytes: number;
}

/** The format's other types: what quantisers keep their codes in, and what no weight is. */
const OTHER_DTYPE = /^(BOOL|C64|[UI](8|16|32|64)|F4|F6_E2M3|F6_E3M2|F8_E[0-9]M[0-9](FNUZ)?)$/;

/** The header of PaliGemma 2 28B has about 1,300 entries of 150 bytes; the format itself allows 100 MB. */
export const MAX_HEADER_BYTES = 16 * 2 ** 20;
/** No tensor of these models has more dimensions than the patch convolution's four. */
const MAX_DIMENSIONS = 8;

const natural = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const entrySchema = v.object({
  dtype: v.string(),
  shape: v.pipe(v.array(natural), v.maxLength(MAX_DIMENSIONS)),
  data_offsets: v.strictTuple([natural, natural]),
});

/**
 * Read the tensor directory of a safetensors file: 8 bytes of little-endian length, then JSON, then the data.
 * Everything in it is checked: lengths, element types, shapes against byte counts, offsets against the file's
 * end and against each other.
 * @param bytes the file's first bytes, at least 8 + header length of them (see headerLength).
 * @param fileBytes size of the whole file.
 * @param path for messages.
 * @throws {DamagedFileError} the header lies. {ModelError} a tensor is of a type that no weight of a model has that
 * was not quantised.
 */
export function parseSafetensorsHeader(bytes: Uint8Array, fileBytes: number, path: string): TensorEntry[] {
  const length = headerLength(bytes, fileBytes, path);
  const dataStart = 8 + length;
  let header: unknown;
  try {
    header = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(8, dataStart)));
  } catch (cause) {
    throw damagedSafetensors(path, 'its header is not JSON', cause);
  }
  if (typeof header !== 'object' || header === null || Array.isArray(header)) {
    throw damagedSafetensors(path, 'its header is not an object');
  }
  const entries = Object.entries(header)
    .filter(([name]) => name !== '__metadata__')
    .map(([name, value]) => readEntry(name, value, dataStart, fileBytes, path));
  refuseOverlaps(entries, path);
  return entries;
}

/**
 * The header's length in bytes, from the file's first 8.
 * @throws {DamagedFileError} the file is too short for it, or it is absurd.
 */
export function headerLength(bytes: Uint8Array, fileBytes: number, path: string): number {
  if (fileBytes < 8 || bytes.length < 8)
    throw damagedSafetensors(path, `it has ${fileBytes} bytes, too few for a header`);
  const length = new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true);
  if (length > BigInt(MAX_HEADER_BYTES))
    throw damagedSafetensors(path, `it claims a header of ${length} bytes`);
  if (8 + Number(length) > fileBytes) {
    throw damagedSafetensors(
      path,
      `its header should take ${length} bytes, but the file ends after ${fileBytes}`,
    );
  }
  return Number(length);
}

function readEntry(
  name: string,
  value: unknown,
  dataStart: number,
  fileBytes: number,
  path: string,
): TensorEntry {
  const parsed = v.safeParse(entrySchema, value, { abortEarly: true });
  if (!parsed.success) throw damagedSafetensors(path, `the entry of tensor ${printable(name)} is malformed`);
  const { dtype, shape, data_offsets: offsets } = parsed.output;
  const [begin, end] = offsets;
  if (!Object.hasOwn(BYTES_PER_ELEMENT, dtype)) {
    // Old checkpoints keep index buffers; they are skipped by name, so only their place matters here.
    if (dtype !== 'I64' || !isIndexBuffer(name)) {
      if (OTHER_DTYPE.test(dtype)) throw notFloat(path, name, dtype);
      throw damagedSafetensors(path, `tensor ${printable(name)} has element type ${printable(dtype)}`);
    }
  }
  const elements = shape.reduce((product, size) => product * size, 1);
  const sizeBytes = elements * (dtype === 'I64' ? 8 : BYTES_PER_ELEMENT[dtype as StoredDtype]);
  if (!Number.isSafeInteger(sizeBytes))
    throw damagedSafetensors(path, `tensor ${printable(name)} has an absurd shape`);
  if (end - begin !== sizeBytes) {
    throw damagedSafetensors(
      path,
      `tensor ${printable(name)} of shape [${shape.join(', ')}] takes ${sizeBytes} bytes, not ${end - begin}`,
    );
  }
  if (dataStart + end > fileBytes) {
    throw damagedSafetensors(
      path,
      `tensor ${printable(name)} ends at byte ${dataStart + end}, but the file ends after ${fileBytes}`,
    );
  }
  return { name, dtype: dtype as StoredDtype, shape, offsetBytes: dataStart + begin, sizeBytes };
}

function notFloat(path: string, name: string, dtype: string): ModelError {
  return new ModelError(
    'CHECKPOINT_QUANTISED',
    `Tensor ${printable(name)} in ${path} is stored as ${printable(dtype)}; pali reads BF16, F16, F32 and F64.`,
    {
      hint: 'Weights of other types were quantised: take the checkpoint that they were made from, in bfloat16 or float32.',
    },
  );
}

/** Buffers that old versions of transformers saved and that are never read. */
export function isIndexBuffer(name: string): boolean {
  return name.endsWith('.position_ids') || name.endsWith('.rotary_emb.inv_freq');
}

function refuseOverlaps(entries: readonly TensorEntry[], path: string): void {
  const sorted = entries.filter((entry) => entry.sizeBytes > 0).sort((a, b) => a.offsetBytes - b.offsetBytes);
  for (let i = 1; i < sorted.length; i++) {
    const before = sorted[i - 1];
    const here = sorted[i];
    if (before.offsetBytes + before.sizeBytes > here.offsetBytes) {
      throw damagedSafetensors(path, `tensors ${printable(before.name)} and ${printable(here.name)} overlap`);
    }
  }
}

/** A name from an untrusted file, fit for a message. */
export function printable(name: string): string {
  return name.replace(/[^\x20-\x7e]/g, '?').slice(0, 120);
}

/** The error for a file that does not match its header, index or size. */
export function damagedSafetensors(path: string, why: string, cause?: unknown): DamagedFileError {
  return new DamagedFileError('CHECKPOINT_DAMAGED', `The checkpoint file ${path} is damaged: ${why}.`, {
    hint: 'Download it again, or compare its sha256 with the one on the hub.',
    cause,
  });
}
