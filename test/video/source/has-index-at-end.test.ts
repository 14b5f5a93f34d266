import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hasIndexAtEnd } from '../../../src/video/source/has-index-at-end.js';

function box(kind: string, sizeBytes = 8): Buffer {
  const bytes = Buffer.alloc(Math.max(8, Math.min(sizeBytes, 64)));
  bytes.writeUInt32BE(sizeBytes);
  bytes.write(kind, 4, 'latin1');
  return bytes;
}

describe('hasIndexAtEnd', () => {
  it.each([
    ['a file as cameras write it', [box('ftyp', 32), box('free'), box('mdat', 5000)], true],
    ['one made for the web', [box('ftyp', 32), box('moov', 5000)], false],
    ['one in pieces', [box('styp', 24), box('sidx', 40), box('moof', 99)], false],
    ['one whose beginning says nothing', [box('ftyp', 32), box('free', 5000)], false],
    ['a size that cannot be', [box('ftyp', 4), box('mdat')], false],
    ['nothing', [], false],
  ])('tells for %s', (_, boxes, expected) => {
    expect(hasIndexAtEnd(Buffer.concat(boxes))).toBe(expected);
  });

  it('comes to an end with any bytes', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => void hasIndexAtEnd(bytes)));
  });
});
