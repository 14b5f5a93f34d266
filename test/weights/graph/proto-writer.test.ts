import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ProtoWriter } from '../../../src/weights/graph/proto-writer.js';
import { readProto } from '../../support/reference/read-proto.js';

describe('ProtoWriter', () => {
  // The two examples of https://protobuf.dev/programming-guides/encoding/.
  it('writes what the format says', () => {
    expect([...new ProtoWriter().int(1, 150).finish()]).toEqual([0x08, 0x96, 0x01]);
    expect([...new ProtoWriter().string(2, 'testing').finish()]).toEqual([
      0x12, 0x07, 0x74, 0x65, 0x73, 0x74, 0x69, 0x6e, 0x67,
    ]);
    expect([...new ProtoWriter().message(3, new ProtoWriter().int(1, 150)).finish()]).toEqual([
      0x1a, 0x03, 0x08, 0x96, 0x01,
    ]);
    expect([...new ProtoWriter().int(1, -2).finish()]).toEqual([8, 0xfe, ...Array<number>(8).fill(0xff), 1]);
    expect([...new ProtoWriter().float(2, 1).finish()]).toEqual([0x15, 0, 0, 0x80, 0x3f]);
  });

  it('gives back every field', () => {
    const field = fc.integer({ min: 1, max: 1000 });
    const written = fc.oneof(
      fc.record({ field, value: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }) }),
      fc.record({ field, value: fc.string() }),
      fc.record({ field, value: fc.uint8Array({ maxLength: 300 }) }),
    );
    fc.assert(
      fc.property(fc.array(written), (list) => {
        const writer = new ProtoWriter();
        for (const { field: number, value } of list) {
          if (typeof value === 'bigint') writer.int(number, value);
          else if (typeof value === 'string') writer.string(number, value);
          else writer.bytes(number, value);
        }
        const bytes = writer.finish();
        expect(writer.sizeBytes).toBe(bytes.length);
        const read = readProto(bytes);
        expect(read.map((one) => one.field)).toEqual(list.map((one) => one.field));
        read.forEach(({ value }, index) => {
          const expected = list[index].value;
          if (typeof expected === 'bigint') expect(BigInt.asIntN(64, value as bigint)).toBe(expected);
          else expect(Buffer.from(value as Uint8Array).equals(Buffer.from(expected))).toBe(true);
        });
      }),
    );
  });
});
