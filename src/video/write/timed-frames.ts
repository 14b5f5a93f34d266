import type { Size } from '../../base/geometry.js';

/** Nanoseconds of one unit in which frames' times are written. */
const UNIT_NS = 1000;
/** ffmpeg's name for pixels of three bytes, red first. */
const RAW_RGB = Buffer.from('RGB\x18', 'latin1');
/** The size of what goes on until the stream ends. */
const UNKNOWN_SIZE = Buffer.from('01ffffffffffffff', 'hex');

/** ffmpeg is to begin without looking at many frames first. */
export const timedInputOptions: readonly string[] = [
  ...['-f', 'matroska', '-probesize', '32', '-analyzeduration', '0'],
];

/**
 * The head of a Matroska stream of RGB frames, each with a time of its own, as RFC 9559 has it: raw video cannot say
 * when its frames are shown.
 */
export function timedHead({ width, height }: Size, framesPerSecond: number): Uint8Array {
  const video = [element('b0', width), element('ba', height), element('2eb524', RAW_RGB)];
  const track = [
    ...[element('d7', 1), element('73c5', 1), element('83', 1)],
    ...[element('86', Buffer.from('V_UNCOMPRESSED')), element('23e383', Math.round(1e9 / framesPerSecond))],
    element('e0', Buffer.concat(video)),
  ];
  return Buffer.concat([
    element('1a45dfa3', element('4282', Buffer.from('matroska'))),
    ...[Buffer.from('18538067', 'hex'), UNKNOWN_SIZE],
    element('1549a966', element('2ad7b1', UNIT_NS)),
    element('1654ae6b', element('ae', Buffer.concat(track))),
  ]);
}

/** What stands before each frame: the head of a cluster of its own. */
export function timedFrameHead(sizeBytes: number, seconds: number): Uint8Array {
  const time = element('e7', Math.round((seconds * 1e9) / UNIT_NS));
  // Track 1, no offset to the cluster's time, a key frame.
  const block = Buffer.from('81000080', 'hex');
  const blockHead = Buffer.concat([Buffer.from('a3', 'hex'), sizeOf(block.length + sizeBytes), block]);
  const clusterBytes = time.length + blockHead.length + sizeBytes;
  return Buffer.concat([Buffer.from('1f43b675', 'hex'), sizeOf(clusterBytes), time, blockHead]);
}

/** @param id hexadecimal. @param content a number is written in eight bytes. */
function element(id: string, content: Buffer | number): Buffer {
  const bytes = typeof content === 'number' ? Buffer.alloc(8) : content;
  if (typeof content === 'number') bytes.writeBigUInt64BE(BigInt(content));
  return Buffer.concat([Buffer.from(id, 'hex'), sizeOf(bytes.length), bytes]);
}

/** Eight bytes, of which the first one says that there are eight. */
function sizeOf(bytes: number): Buffer {
  const size = Buffer.alloc(8);
  size.writeBigUInt64BE(BigInt(bytes) | (1n << 56n));
  return size;
}
