import { readFileSync } from 'node:fs';

/** Values of a float32 .npy file (version 1, C order), relative to fixtures/. */
export function readNpy(path: string): Float32Array {
  const bytes = readFileSync(new URL(`../../../fixtures/${path}`, import.meta.url));
  const data = bytes.subarray(10 + bytes.readUInt16LE(8));
  return new Float32Array(Uint8Array.from(data).buffer);
}
