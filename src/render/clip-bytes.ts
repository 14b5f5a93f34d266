/** The longest beginning of a text that takes so many bytes in UTF-8, cut between characters. */
export function clipBytes(text: string, maxBytes: number): string {
  let bytes = 0;
  let clipped = '';
  for (const char of text) {
    bytes += Buffer.byteLength(char);
    if (bytes > maxBytes) break;
    clipped += char;
  }
  return clipped;
}
