import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { WeightFile } from '../../../src/weights/graph/weight-file.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const folder = temporaryFolder();

it('puts tensors one after another, large ones where they can be mapped, and hashes the file', async () => {
  const path = join(folder, 'weights.data');
  const file = await WeightFile.create(path);
  const small = await file.add('small', 'uint8', [3], Uint8Array.of(1, 2, 3));
  const next = await file.add('next', 'float32', [1], Float32Array.of(0.5));
  const large = await file.add('large', 'float32', [20_000], new Float32Array(20_000).fill(2));
  const { sizeBytes, sha256 } = await file.close();
  expect([small.offsetBytes, next.offsetBytes, large.offsetBytes]).toEqual([0, 64, 65_536]);
  const bytes = readFileSync(path);
  expect(bytes).toHaveLength(sizeBytes);
  expect(createHash('sha256').update(bytes).digest('hex')).toBe(sha256);
  expect([...bytes.subarray(0, 3)]).toEqual([1, 2, 3]);
  expect(bytes.readFloatLE(next.offsetBytes)).toBe(0.5);
  expect(bytes.readFloatLE(large.offsetBytes + large.sizeBytes - 4)).toBe(2);
  expect([...file.weights.keys()]).toEqual(['small', 'next', 'large']);
});

it('writes over no file', async () => {
  const path = join(folder, 'there.data');
  await (await WeightFile.create(path)).close();
  await expect(WeightFile.create(path)).rejects.toThrow('EEXIST');
});
