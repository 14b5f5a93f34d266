import { EventEmitter } from 'node:events';
import { textWidth } from './graphemes.js';

/** The terminal, as far as it is needed. */
export interface Terminal {
  readonly columns?: number | undefined;
  readonly rows?: number | undefined;
  write(text: string): unknown;
}

/** Where the cursor stands, seen from the line below the frame. */
export interface CursorPlace {
  /** Lines up, 1 for the frame's last line. */
  readonly rowsUp: number;
  /** From 0. */
  readonly column: number;
}

/** Windows that do not tell have this size. */
const DEFAULT_COLUMNS = 80;
/** Ink repaints everything when its output is as high as the window; our frames never are, so it is not told. */
const ROWS_FOR_INK = 100_000;
/** A cursor that moves without a new frame waits as long as a frame may, milliseconds. */
const CURSOR_DELAY_MS = 17;

const BEGIN = '\u001b[?2026h';
const END = '\u001b[?2026l';
const HIDE_CURSOR = '\u001b[?25l';
const SHOW_CURSOR = '\u001b[?25h';
/** What Ink writes to take its last frame away. */
// eslint-disable-next-line no-control-regex
const ERASE = /^(?:\u001b\[2K(?:\u001b\[1A)?)+\u001b\[G/;
/** Stands for a picture in text that goes through Ink, which would not let it pass. */
const MARK = '\u{10fffd}';

/**
 * The stream that Ink draws on. What Ink writes in one go reaches the terminal as one synchronized piece, with the
 * cursor in the input line; pictures take the place of their marks; and when the window becomes narrower, what the
 * terminal has broken into more lines is cleared away first.
 */
export class FrameOutput extends EventEmitter {
  readonly isTTY = true;
  readonly writable = true;
  readonly #terminal: Terminal;
  readonly #placesCursor: boolean;
  #pending = '';
  #isFlushing = false;
  /** The last frame, as Ink wrote it. */
  #frame = '';
  #columns: number;
  /** Where the cursor is to stand. */
  #cursor: CursorPlace | undefined;
  /** Where it stands in the terminal; undefined below the frame. */
  #placed: CursorPlace | undefined;
  #cursorTimer: NodeJS.Timeout | undefined;
  readonly #pictures = new Map<string, string>();
  #nextPicture = 1;

  /** @param placesCursor false leaves the cursor where the text ends, for a screen reader. */
  constructor(terminal: Terminal, placesCursor = true) {
    super();
    this.#terminal = terminal;
    this.#placesCursor = placesCursor;
    this.#columns = this.columns;
  }

  get columns(): number {
    return this.#terminal.columns || DEFAULT_COLUMNS;
  }

  get rows(): number {
    return ROWS_FOR_INK;
  }

  write(text: string, callback?: () => void): boolean {
    if (text !== BEGIN && text !== END && text !== '') {
      this.#pending += this.#replaceMarks(text);
      const frame = text.replace(ERASE, '');
      if (frame !== HIDE_CURSOR && frame !== SHOW_CURSOR) this.#frame = frame;
      if (!this.#isFlushing) {
        this.#isFlushing = true;
        queueMicrotask(() => this.flush());
      }
    }
    if (callback !== undefined) queueMicrotask(callback);
    return true;
  }

  /** Write what Ink has written so far, and put the cursor into its place. */
  flush(): void {
    this.#isFlushing = false;
    clearTimeout(this.#cursorTimer);
    const body = this.#pending.replaceAll(SHOW_CURSOR, '').replaceAll(HIDE_CURSOR, '');
    this.#pending = '';
    const cursor = this.#cursor;
    if (body === '' && samePlace(cursor, this.#placed)) return;
    const text = this.#leaveCursor() + body + this.#enterCursor(cursor);
    this.#terminal.write(BEGIN + text + END);
  }

  /** Put the cursor somewhere, with the next frame or, when there is none, soon. */
  setCursor(place: CursorPlace | undefined): void {
    if (!this.#placesCursor) return;
    this.#cursor = place;
    clearTimeout(this.#cursorTimer);
    this.#cursorTimer = setTimeout(() => this.flush(), CURSOR_DELAY_MS);
    this.#cursorTimer.unref();
  }

  /** A mark for a picture: where it is written, at a line's start, the picture is drawn in the rows above. */
  addPicture(text: string, rows: number, indent: number): string {
    const mark = `${MARK}${this.#nextPicture++}${MARK}`;
    const start = indent > 0 ? `\u001b[${indent}C` : '';
    const lines = text.replace(/\n$/, '').split('\n').join(`\r\n${start}`);
    this.#pictures.set(mark, `\u001b7\r\u001b[${rows}A${start}${lines}\u001b8`);
    return mark;
  }

  /**
   * Call this when the window has a new size, before Ink hears of it. A narrower terminal has broken the frame's
   * lines into more: they are cleared, and the cursor stands where Ink expects it.
   */
  resize(): void {
    const columns = this.columns;
    const isNarrower = columns < this.#columns;
    this.#columns = columns;
    this.flush();
    if (isNarrower && this.#frame !== '') this.#terminal.write(this.#clearFrame(columns));
  }

  /** Clear the window and draw the frame at its top. */
  clearScreen(): void {
    this.flush();
    this.#terminal.write(`${BEGIN}\u001b[H\u001b[2J${this.#redraw()}${END}`);
  }

  /** Take the frame away, for a while in which others write: the cursor stands where it began. */
  suspend(): void {
    this.flush();
    const lines = this.#frame.split('\n').length;
    this.#terminal.write(
      `${this.#leaveCursor()}\r${lines > 1 ? `\u001b[${lines - 1}A` : ''}\u001b[J${SHOW_CURSOR}`,
    );
  }

  /** Draw the frame again, where the cursor is now. */
  resume(): void {
    this.#terminal.write(`${BEGIN}${this.#redraw()}${END}`);
  }

  /** Leave the cursor below the frame, for whoever writes next. */
  close(): void {
    this.#cursor = undefined;
    this.flush();
    clearTimeout(this.#cursorTimer);
    this.#terminal.write(SHOW_CURSOR);
  }

  #redraw(): string {
    this.#placed = undefined;
    return this.#frame + this.#enterCursor(this.#cursor);
  }

  #clearFrame(columns: number): string {
    const lines = this.#frame.split('\n');
    const heights = lines.map((line) => Math.max(1, Math.ceil(textWidth(line) / columns)));
    const below = this.#placed?.rowsUp ?? 0;
    const cursorLine = Math.max(0, lines.length - 1 - below);
    const above = heights.slice(0, cursorLine).reduce((sum, height) => sum + height, 0);
    const up = above + Math.floor((this.#placed?.column ?? 0) / columns);
    this.#placed = undefined;
    const blank = '\n'.repeat(lines.length - 1);
    this.#frame = blank;
    return `${BEGIN}${HIDE_CURSOR}\r${up > 0 ? `\u001b[${up}A` : ''}\u001b[J${blank}${END}`;
  }

  /** From the input line to below the frame. */
  #leaveCursor(): string {
    const placed = this.#placed;
    this.#placed = undefined;
    return placed === undefined ? '' : `${HIDE_CURSOR}\u001b[${placed.rowsUp}B\r`;
  }

  #enterCursor(place: CursorPlace | undefined): string {
    if (!this.#placesCursor) return SHOW_CURSOR;
    if (place === undefined) return HIDE_CURSOR;
    this.#placed = place;
    return `\u001b[${place.rowsUp}A\u001b[${place.column + 1}G${SHOW_CURSOR}`;
  }

  #replaceMarks(text: string): string {
    if (!text.includes(MARK)) return text;
    return text.replace(new RegExp(`${MARK}\\d+${MARK}`, 'gu'), (mark) => {
      const picture = this.#pictures.get(mark);
      this.#pictures.delete(mark);
      return picture ?? '';
    });
  }
}

function samePlace(a: CursorPlace | undefined, b: CursorPlace | undefined): boolean {
  return a?.rowsUp === b?.rowsUp && a?.column === b?.column;
}
