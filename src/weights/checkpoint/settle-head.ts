import type { Checkpoint } from './open-checkpoint.js';
import type { CheckpointTensor } from './open-safetensors.js';
import { HEAD, TABLE } from './tensor-table.js';

/** Rows compared at a time: 4 MiB of bfloat16 for a width of 2048. */
const SLICE_ROWS = 1024;

/**
 * What a tied model's head really is, as transformers decides it. A head that is stored and differs from the
 * embedding table is used; one that is the same is left out; a head alone is the table, too.
 *
 * @param isHeadTied what the configuration says.
 * @returns the checkpoint with the tensors that are to be used, and whether its head is the table.
 */
export async function settleHead(
  checkpoint: Checkpoint,
  isHeadTied: boolean,
): Promise<{ checkpoint: Checkpoint; isHeadTied: boolean }> {
  const head = checkpoint.tensors.get(HEAD);
  const table = checkpoint.tensors.get(TABLE);
  if (!isHeadTied || head === undefined) return { checkpoint, isHeadTied };
  if (table && !(await isSame(head, table))) return { checkpoint, isHeadTied: false };
  const tensors = new Map(checkpoint.tensors);
  tensors.delete(HEAD);
  if (table === undefined) tensors.set(TABLE, head);
  return { checkpoint: { ...checkpoint, tensors }, isHeadTied };
}

async function isSame(one: CheckpointTensor, other: CheckpointTensor): Promise<boolean> {
  if (one.shape.join() !== other.shape.join()) return false;
  const rows = one.shape[0];
  for (let start = 0; start < rows; start += SLICE_ROWS) {
    const count = Math.min(SLICE_ROWS, rows - start);
    const [left, right] = [await one.readRows(start, count), await other.readRows(start, count)];
    // Bytes, not numbers: a NaN equals itself here.
    if (Buffer.compare(bytesOf(left), bytesOf(right)) !== 0) return false;
  }
  return true;
}

function bytesOf({ buffer, byteOffset, byteLength }: Float32Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}
