import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DamagedFileError, ModelError, PaliError } from '../../../src/base/errors.js';
import {
  headerLength,
  MAX_HEADER_BYTES,
  parseSafetensorsHeader,
} from '../../../src/weights/checkpoint/safetensors-header.js';
import { headerBytes } from '../../support/reference/safetensors.js';

/** Parse a header before `dataBytes` of data. */
function parse(header: unknown, dataBytes = 64): ReturnType<typeof parseSafetensorsHeader> {
  const bytes = headerBytes(header);
  return parseSafetensorsHeader(bytes, bytes.length + dataBytes, 'x.safetensors');
}

function lengthBytes(length: bigint): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, length, true);
  return bytes;
}

const tensor = (shape: unknown, data_offsets: unknown, dtype: unknown = 'F32'): object => ({
  dtype,
  shape,
  data_offsets,
});
/** The largest header's length + 8 bytes would not fit into memory twice: lengths are refused before a read. */
const HUGE = BigInt(MAX_HEADER_BYTES) + 1n;

describe('parseSafetensorsHeader', () => {
  it('gives the place of every tensor', () => {
    const bytes = headerBytes({
      __metadata__: { format: 'pt' },
      a: tensor([2, 3], [0, 24]),
      b: tensor([4], [24, 32], 'BF16'),
      scalar: tensor([], [32, 34], 'F16'),
      empty: tensor([0, 5], [34, 34]),
    });
    expect(parseSafetensorsHeader(bytes, bytes.length + 34, 'x')).toEqual([
      { name: 'a', dtype: 'F32', shape: [2, 3], offsetBytes: bytes.length, sizeBytes: 24 },
      { name: 'b', dtype: 'BF16', shape: [4], offsetBytes: bytes.length + 24, sizeBytes: 8 },
      { name: 'scalar', dtype: 'F16', shape: [], offsetBytes: bytes.length + 32, sizeBytes: 2 },
      { name: 'empty', dtype: 'F32', shape: [0, 5], offsetBytes: bytes.length + 34, sizeBytes: 0 },
    ]);
  });

  it('accepts index buffers of old versions, whatever their type', () => {
    const name = 'vision_tower.vision_model.embeddings.position_ids';
    expect(parse({ [name]: tensor([1, 2], [0, 16], 'I64') })).toHaveLength(1);
  });

  it.each([
    ['text that is no JSON', '{"a":', 'its header is not JSON'],
    ['bytes that are no UTF-8', Buffer.from([0x7b, 0xff, 0x7d]).toString('latin1'), 'not JSON'],
    ['a list', [], 'its header is not an object'],
    ['null', null, 'its header is not an object'],
    ['a number', 5, 'its header is not an object'],
    ['an entry that is text', { a: 'x' }, 'the entry of tensor a is malformed'],
    ['an entry without offsets', { a: { dtype: 'F32', shape: [1] } }, 'the entry of tensor a is malformed'],
    ['three offsets', { a: tensor([1], [0, 4, 8]) }, 'the entry of tensor a is malformed'],
    ['a negative size', { a: tensor([-1], [0, 4]) }, 'the entry of tensor a is malformed'],
    ['a fraction of a size', { a: tensor([0.5], [0, 2]) }, 'the entry of tensor a is malformed'],
    ['a negative offset', { a: tensor([1], [-4, 0]) }, 'the entry of tensor a is malformed'],
    [
      'nine dimensions',
      { a: tensor([1, 1, 1, 1, 1, 1, 1, 1, 1], [0, 4]) },
      'the entry of tensor a is malformed',
    ],
    ['offsets beyond safe integers', { a: tensor([1], [2 ** 60, 2 ** 60 + 4]) }, 'malformed'],
    ['offsets that do not match the shape', { a: tensor([2, 2], [0, 12]) }, 'takes 16 bytes, not 12'],
    ['offsets in reverse', { a: tensor([1], [8, 4]) }, 'takes 4 bytes, not -4'],
    ['offsets beyond the end', { a: tensor([20], [0, 80]) }, /ends at byte \d+, but the file ends after \d+/],
    ['a shape that overflows', { a: tensor([2 ** 40, 2 ** 40], [0, 0]) }, 'tensor a has an absurd shape'],
    [
      'a shape that overflows to infinity',
      { a: tensor(Array<number>(8).fill(2 ** 53 - 1), [0, 0]) },
      'tensor a has an absurd shape',
    ],
    ['an unknown element type', { a: tensor([1], [0, 4], 'F31') }, 'tensor a has element type F31'],
    [
      'the name of a property of every object as element type',
      { a: tensor([1], [0, 4], 'toString') },
      'tensor a has element type toString',
    ],
    [
      'tensors that overlap',
      { a: tensor([4], [0, 16]), b: tensor([4], [12, 28]) },
      'tensors a and b overlap',
    ],
    [
      'a tensor inside another',
      { a: tensor([8], [0, 32]), b: tensor([1], [4, 8]) },
      'tensors a and b overlap',
    ],
  ])('refuses %s', (_, header, sentence) => {
    expect(() => parse(header)).toThrow(DamagedFileError);
    expect(() => parse(header)).toThrow(sentence);
  });

  it.each(['I64', 'I32', 'U8', 'BOOL', 'F8_E4M3', 'F8_E5M2', 'F4'])(
    'calls weights in %s quantised, not damaged',
    (dtype) => {
      const read = (): unknown => parse({ a: tensor([1], [0, 8], dtype) });
      expect(read).toThrow(ModelError);
      expect(read).toThrow(`Tensor a in x.safetensors is stored as ${dtype}`);
    },
  );

  it('does not repeat control characters of a name or a type', () => {
    for (const header of [
      { 'a\u001b[2Jb\u0007': tensor([2], [0, 4]) },
      { a: tensor([1], [0, 4], '\u001b]0;x\u0007') },
      { '\u009b31m': 'x' },
    ]) {
      expect(() => parse(header)).toThrow(/^[\x20-\x7e]+$/);
    }
  });

  it('cuts long names', () => {
    expect(() => parse({ ['x'.repeat(100_000)]: 'x' })).toThrow(/^.{1,300}$/);
  });

  it.each([
    ['a file of 5 bytes', new Uint8Array(5), 5, 'it has 5 bytes, too few for a header'],
    ['a header longer than any', lengthBytes(HUGE), 2 ** 40, `it claims a header of ${HUGE} bytes`],
    ['a length of 64 bits', lengthBytes(2n ** 64n - 1n), 100, 'it claims a header of 18446744073709551615'],
    ['a length beyond the file', lengthBytes(93n), 100, 'should take 93 bytes, but the file ends after 100'],
  ])('refuses %s', (_, bytes, fileBytes, sentence) => {
    expect(() => headerLength(bytes, fileBytes, 'x')).toThrow(sentence);
  });

  it('refuses or reads, whatever the bytes are', () => {
    fc.assert(
      fc.property(fc.json(), fc.nat(200), (json, dataBytes) => {
        try {
          parse(json, dataBytes);
        } catch (error) {
          expect(error).toBeInstanceOf(DamagedFileError);
        }
      }),
    );
  });

  it('never gives a place outside the file, or one that two tensors share', () => {
    const entry = fc.record({
      dtype: fc.constantFrom('F64', 'F32', 'F16', 'BF16', 'I64', 'valueOf'),
      shape: fc.array(fc.nat(4), { maxLength: 3 }),
      data_offsets: fc.tuple(fc.nat(40), fc.nat(40)),
    });
    fc.assert(
      fc.property(fc.dictionary(fc.string(), entry, { maxKeys: 3 }), fc.nat(40), (header, dataBytes) => {
        const start = headerBytes(header).length;
        let entries;
        try {
          entries = parse(header, dataBytes);
        } catch (error) {
          expect(error).toBeInstanceOf(PaliError);
          return;
        }
        const owners = new Set<number>();
        for (const { offsetBytes, sizeBytes } of entries) {
          expect(offsetBytes).toBeGreaterThanOrEqual(start);
          expect(offsetBytes + sizeBytes).toBeLessThanOrEqual(start + dataBytes);
          for (let at = offsetBytes; at < offsetBytes + sizeBytes; at++) {
            expect(owners.has(at)).toBe(false);
            owners.add(at);
          }
        }
      }),
      { numRuns: 500 },
    );
  });
});
