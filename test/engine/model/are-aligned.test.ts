import { expect, it } from 'vitest';
import { areAligned } from '../../../src/engine/model/are-aligned.js';

/** A field of external data as protobuf writes it. */
function entry(key: string, value: string): Buffer {
  const head = value.length < 128 ? [value.length] : [0x80 | (value.length & 0x7f), value.length >> 7];
  return Buffer.concat([
    Buffer.from([0x0a, key.length]),
    Buffer.from(key),
    Buffer.from([0x12, ...head]),
    Buffer.from(value),
  ]);
}

const graph = (offset: number, ...packed: number[]): Buffer =>
  Buffer.concat([
    Buffer.from('some graph'),
    entry('location', 'decoder.cpu.data'),
    entry('offset', String(offset)),
    entry('length', '1000'),
    entry('prepacked_0', `MatMulNBits+14252835743997518712${packed.map((at) => `|${at};77;0`).join('')}`),
    Buffer.from('and more'),
  ]);

it.each([
  ['whole pages', graph(4096, 8192), true],
  ['several blocks', graph(4096, ...Array.from({ length: 20 }, (_, i) => 4096 * i)), true],
  ['a matrix at 8', graph(8, 8192), false],
  ['its packed form at 64', graph(4096, 64), false],
  ['the last of several blocks', graph(0, 256, 512, 777), false],
  ['no blocks', graph(4096), false],
  ['nothing packed', entry('offset', '4096'), false],
  ['another way of writing it', Buffer.concat([graph(0, 0), entry('prepacked_1', 'MatMul:0:5')]), false],
  ['a key without a value', Buffer.concat([graph(0, 0), Buffer.from('prepacked_')]), false],
  ['an offset that is no number', Buffer.concat([graph(0, 0), entry('offset', 'x')]), false],
  ['nothing', Buffer.alloc(0), false],
])('%s', (_, bytes, expected) => {
  expect(areAligned(bytes)).toBe(expected);
});
