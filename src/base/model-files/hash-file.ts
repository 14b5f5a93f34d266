import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';

/** A sample: this many blocks, evenly spread, first and last bytes included. 4 MiB a file, a few milliseconds. */
const SAMPLE_BLOCKS = 64;
const SAMPLE_BLOCK_BYTES = 64 * 1024;
const HASH_BLOCK_BYTES = 2 ** 20;

/**
 * sha256 of a whole file, hex.
 * @throws the reason of `signal`, when it is aborted meanwhile.
 */
export async function hashFile(path: string, signal?: AbortSignal): Promise<string> {
  const hash = createHash('sha256');
  const file = await open(path, 'r');
  try {
    // All arguments are given: Yarn's Plug'n'Play reads nothing with the buffer alone. Two blocks take turns: one is
    // read while the other is hashed.
    const blocks = [Buffer.allocUnsafe(HASH_BLOCK_BYTES), Buffer.allocUnsafe(HASH_BLOCK_BYTES)];
    let reading = file.read(blocks[0], 0, HASH_BLOCK_BYTES, null);
    for (let i = 1; ; i++) {
      const { bytesRead, buffer } = await reading;
      signal?.throwIfAborted();
      if (bytesRead === 0) break;
      reading = file.read(blocks[i % 2], 0, HASH_BLOCK_BYTES, null);
      hash.update(buffer.subarray(0, bytesRead));
    }
  } finally {
    await file.close();
  }
  return hash.digest('hex');
}

/** sha256 over 64 blocks of 64 KiB spread evenly from the first byte to the last, hex. */
export async function hashSample(path: string, sizeBytes: number): Promise<string> {
  const hash = createHash('sha256');
  const file = await open(path, 'r');
  try {
    const block = Buffer.alloc(SAMPLE_BLOCK_BYTES);
    const last = Math.max(0, sizeBytes - SAMPLE_BLOCK_BYTES);
    for (let i = 0; i < SAMPLE_BLOCKS; i++) {
      const at = Math.floor((last * i) / (SAMPLE_BLOCKS - 1));
      const { bytesRead } = await file.read(block, 0, SAMPLE_BLOCK_BYTES, at);
      hash.update(block.subarray(0, bytesRead));
      if (last === 0) break;
    }
  } finally {
    await file.close();
  }
  return hash.digest('hex');
}
