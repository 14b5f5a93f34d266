/** Boxes of an MP4 or QuickTime file that may come before its index or its pictures. */
const PASSED_OVER = new Set(['ftyp', 'free', 'skip', 'wide', 'pnot', 'uuid', 'styp', 'sidx']);

/**
 * Whether these are the first bytes of an MP4 or QuickTime file whose pictures (`mdat`) come before the index that
 * locates them (`moov`): reading it requires seeking back. False when the bytes end before either.
 */
export function hasIndexAtEnd(head: Uint8Array): boolean {
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  for (let at = 0; at + 8 <= head.length;) {
    const kind = Buffer.from(head.subarray(at + 4, at + 8)).toString('latin1');
    if (kind === 'mdat') return true;
    const sizeBytes = view.getUint32(at);
    if (!PASSED_OVER.has(kind) || sizeBytes < 8) return false;
    at += sizeBytes;
  }
  return false;
}
