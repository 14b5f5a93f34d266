import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { fixturePath } from '../../../fixtures/index.js';
import { DamagedFileError } from '../../../src/base/errors.js';
import { maskArrayNames } from '../../../src/weights/graph/mask-graph.js';
import { readNpz } from '../../../src/weights/checkpoint/read-npz.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const folder = temporaryFolder();

/** A .npy file with this header text. */
function npy(header: string, data: ArrayBufferView, version = 1): Uint8Array {
  const start = version === 1 ? 10 : 12;
  const bytes = Buffer.alloc(start + header.length + data.byteLength);
  bytes.write('\u0093NUMPY', 'latin1');
  bytes[6] = version;
  if (version === 1) bytes.writeUInt16LE(header.length, 8);
  else bytes.writeUInt32LE(header.length, 8);
  bytes.write(header, start, 'latin1');
  bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), start + header.length);
  return bytes;
}

const numbers = Float32Array.of(1, 2, 3, 4, 5, 6);
const plain = "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }\n";

/** Write an archive that holds one array `a`. */
function archive(a: Uint8Array): string {
  const path = join(folder, 'a.npz');
  writeFileSync(path, zipSync({ 'a.npy': a, 'other.npy': new Uint8Array(3) }));
  return path;
}

describe('readNpz', () => {
  it.each([1, 2])('reads an array of version %i', async (version) => {
    const arrays = await readNpz(archive(npy(plain, numbers, version)), ['a']);
    expect([...arrays]).toEqual([['a', { shape: [2, 3], values: numbers }]]);
  });

  it('reads scalars and vectors', async () => {
    const vector = npy(plain.replace('(2, 3)', '(6,)'), numbers);
    expect((await readNpz(archive(vector), ['a'])).get('a')!.shape).toEqual([6]);
    const scalar = npy(plain.replace('(2, 3)', '()'), numbers.subarray(0, 1));
    expect((await readNpz(archive(scalar), ['a'])).get('a')).toEqual({
      shape: [],
      values: Float32Array.of(1),
    });
  });

  it.each(['masks', 'demo'] as const)('reads every array of a mask decoder (%s)', async (group) => {
    const arrays = await readNpz(fixturePath(group, 'vae.npz'), maskArrayNames);
    expect([...arrays.keys()]).toEqual(maskArrayNames);
    expect(arrays.get('_vq_vae._embedding')!.shape[0]).toBe(128);
  });

  it.each<[string, Uint8Array, string]>([
    ['no array', new Uint8Array(40), 'a is not an array'],
    ['nothing', new Uint8Array(0), 'a is not an array'],
    ['doubles', npy(plain.replace('<f4', '<f8'), new Float64Array(6)), 'not a float32 array'],
    ['big-endian numbers', npy(plain.replace('<f4', '>f4'), numbers), 'not a float32 array'],
    ['pickled objects', npy(plain.replace('<f4', '|O'), numbers), 'not a float32 array'],
    ['columns first', npy(plain.replace('False', 'True'), numbers), 'not a float32 array'],
    ['a header without a shape', npy("{'descr': '<f4', 'fortran_order': False}", numbers), 'not a float32'],
    ['too little data', npy(plain, numbers.subarray(0, 5)), 'a has 20 bytes of data'],
    ['a shape beyond all data', npy(plain.replace('(2, 3)', '(999999999, 999999999)'), numbers), 'a has 24'],
    ['a header that ends after the file', npy(plain, numbers).subarray(0, 40), 'not a float32 array'],
  ])('refuses %s', async (_, bytes, sentence) => {
    const read = readNpz(archive(bytes), ['a']);
    await expect(read).rejects.toBeInstanceOf(DamagedFileError);
    await expect(read).rejects.toThrow(sentence);
  });

  it('names an array that is missing', async () => {
    const path = archive(npy(plain, numbers));
    await expect(readNpz(path, ['a', 'b'])).rejects.toThrow('the array b is missing');
  });

  it('refuses an archive cut anywhere', async () => {
    const whole = readFileSync(fixturePath('masks', 'vae.npz'));
    const path = join(folder, 'cut.npz');
    for (const share of [0, 0.1, 0.5, 0.9, 0.999]) {
      writeFileSync(path, whole.subarray(0, Math.floor(whole.length * share)));
      await expect(readNpz(path, maskArrayNames)).rejects.toMatchObject({ code: 'MASK_DECODER_DAMAGED' });
    }
  });

  it('reads or refuses whatever the bytes are', async () => {
    const whole = readFileSync(archive(npy(plain, numbers)));
    const path = join(folder, 'changed.npz');
    const changes = fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), {
      minLength: 1,
      maxLength: 5,
    });
    await fc.assert(
      fc.asyncProperty(changes, async (list) => {
        const bytes = Buffer.from(whole);
        for (const [at, value] of list) bytes[at] = value;
        writeFileSync(path, bytes);
        try {
          const { shape, values } = (await readNpz(path, ['a'])).get('a')!;
          expect(values).toHaveLength(shape.reduce((product, size) => product * size, 1));
        } catch (error) {
          expect(error).toBeInstanceOf(DamagedFileError);
        }
      }),
      { numRuns: 300 },
    );
  });
});
