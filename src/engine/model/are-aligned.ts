/**
 * Kernels read packed weights with instructions that end the process where an address is no multiple of 64, and lay
 * them out by it. The file is mapped from the start of a page.
 */
const ALIGNMENT_BYTES = 256;

/** A field of ONNX's external data, before its value: key (field 1) with its length, and the tag of the value (field 2). */
const OFFSET = Buffer.from('\n\u0006offset\u0012', 'latin1');
const PREPACKED = Buffer.from('prepacked_', 'latin1');
/** Kernel and hash, then for each block: offset; length; a check. */
const PREPACKED_VALUE = /^[^|]+((?:\|\d+;\d+;\d*)+)$/;

/**
 * Whether everything that a graph maps from its weight file begins at a multiple of 256 bytes, and something of it was
 * packed. onnxruntime aligns only what is larger than 1 MiB.
 * @param graph an ONNX model, as onnxruntime wrote it. One that cannot be understood is not aligned.
 */
export function areAligned(graph: Buffer): boolean {
  const offsets: number[] = [];
  for (let at = graph.indexOf(OFFSET); at >= 0; at = graph.indexOf(OFFSET, at + 1)) {
    offsets.push(Number(readString(graph, at + OFFSET.length)));
  }
  let packed = 0;
  for (let at = graph.indexOf(PREPACKED); at >= 0; at = graph.indexOf(PREPACKED, at + 1)) {
    // The key ends with a number; its length, in one byte, is before it.
    const tag = at + graph[at - 1];
    if (graph[tag] !== 0x12) return false;
    const blocks = PREPACKED_VALUE.exec(readString(graph, tag + 1))?.[1];
    if (blocks === undefined) return false;
    offsets.push(...[...blocks.matchAll(/\|(\d+);/g)].map(([, offset]) => Number(offset)));
    packed++;
  }
  return packed > 0 && offsets.every((offset) => offset % ALIGNMENT_BYTES === 0);
}

/** A protobuf string at a place: its length in seven bits a byte, then its bytes. */
function readString(bytes: Buffer, start: number): string {
  let at = start;
  let length = 0;
  for (let shift = 0; shift < 28; shift += 7) {
    const byte = bytes[at++];
    length |= (byte & 0x7f) << shift;
    if (byte < 0x80) break;
  }
  return bytes.toString('latin1', at, at + length);
}
