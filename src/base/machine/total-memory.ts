import { totalmem } from 'node:os';

/** Bytes of memory that this process may use: the computer's, or the limit of a container where that is less. */
export function readTotalMemory(limitBytes = process.constrainedMemory(), totalBytes = totalmem()): number {
  return limitBytes > 0 && limitBytes < totalBytes ? limitBytes : totalBytes;
}
