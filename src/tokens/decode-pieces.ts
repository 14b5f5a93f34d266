import type { TextStream } from './tokenizer.js';
import type { TokenTable } from './token-table.js';

/**
 * One text for each id; joined they are the decoded text. A run of byte tokens that is valid UTF-8 gives its
 * characters, each at its last byte; a run that is not gives one U+FFFD for each of its bytes, the valid ones
 * too, as the `tokenizers` library does it. Unknown ids give '' and do not end a run.
 */
export function decodePieces(table: TokenTable, ids: readonly number[]): string[] {
  const pieces: string[] = [];
  let runBytes: number[] = [];
  let runPlaces: number[] = [];
  const endRun = (): void => {
    if (runBytes.length === 0) return;
    const texts = decodeBytes(runBytes);
    for (let i = 0; i < texts.length; i++) pieces[runPlaces[i]] = texts[i];
    runBytes = [];
    runPlaces = [];
  };
  for (const id of ids) {
    const piece = table.at(id);
    if (piece?.byte !== undefined) {
      runBytes.push(piece.byte);
      runPlaces.push(pieces.length);
      pieces.push('');
    } else {
      if (piece !== undefined) endRun();
      pieces.push(piece?.text ?? '');
    }
  }
  endRun();
  return pieces;
}

/** Decodes ids as they come; see TextStream. */
export class PieceStream implements TextStream {
  private held: number[] = [];

  constructor(private readonly table: TokenTable) {}

  push(id: number): string {
    const piece = this.table.at(id);
    if (piece === undefined) return '';
    if (piece.byte === undefined) return this.flush() + piece.text;
    this.held.push(piece.byte);
    return '';
  }

  flush(): string {
    const text = this.held.length === 0 ? '' : decodeBytes(this.held).join('');
    this.held = [];
    return text;
  }
}

/** One text for each byte: the character at its last byte, '' at the others. */
function decodeBytes(bytes: readonly number[]): string[] {
  let text: string;
  try {
    // Without ignoreBOM a leading U+FEFF would be swallowed.
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Uint8Array.from(bytes));
  } catch {
    return bytes.map(() => '\uFFFD');
  }
  const texts: string[] = [];
  for (const character of text) {
    for (let i = utf8Length(character.codePointAt(0)!); i > 1; i--) texts.push('');
    texts.push(character);
  }
  return texts;
}

function utf8Length(codePoint: number): number {
  if (codePoint < 0x80) return 1;
  if (codePoint < 0x800) return 2;
  return codePoint < 0x10000 ? 3 : 4;
}
