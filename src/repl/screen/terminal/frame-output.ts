import { EventEmitter } from 'node:events';
import { changeFrame } from './change-frame.js';
import { clearBrokenFrame, type CursorPlace } from './clear-broken-frame.js';
import { Placeholders } from './placeholders.js';
import { BEGIN, END, ERASE_BELOW, HIDE_CURSOR, moveUp, SHOW_CURSOR } from './terminal-sequences.js';

/** The terminal, as far as it is needed. */
export interface Terminal {
  readonly columns?: number | undefined;
  /** Node's way to ask the system now: signals of a new size may come many frames late. It emits `resize`. */
  _refreshSize?(): void;
  write(text: string): unknown;
}

/** What kind of terminal it is. */
export interface FrameOutputOptions {
  /** Leave the cursor where the text ends, for a screen reader. */
  readonly leavesCursor?: boolean;
  /** The terminal is made with xterm.js, as in VS Code. */
  readonly isXtermJs?: boolean;
}

/** Size of a window that does not report it. */
const DEFAULT_COLUMNS = 80;
/**
 * Ink repaints everything when its output is as high as the window; our frames never are, so it is not given the
 * height.
 */
const ROWS_FOR_INK = 100_000;
/** A cursor that moves without a new frame waits as long as a frame may, milliseconds. */
const CURSOR_DELAY_MS = 17;

/** What Ink writes to take its last frame away. */
// eslint-disable-next-line no-control-regex
const ERASE = /^(?:\u001b\[2K(?:\u001b\[1A)?)+\u001b\[G/;
/** One thing that Ink wrote. */
interface Piece {
  /** It takes the last frame away first. */
  readonly erase: string;
  readonly text: string;
}

/**
 * The stream that Ink draws on. What Ink writes in one go reaches the terminal as one synchronized piece, in which
 * lines that stay as they are are left out, with the cursor in the input line; when the window becomes narrower,
 * what the terminal has broken into more lines is cleared away first.
 */
export class FrameOutput extends EventEmitter {
  readonly isTTY = true;
  readonly writable = true;
  /** Text that is costly for Ink to lay out, or that it would not let pass. */
  readonly placeholders = new Placeholders();
  readonly #terminal: Terminal;
  readonly #options: FrameOutputOptions;
  #pending: Piece[] = [];
  #isFlushing = false;
  #isSuspended = false;
  /** The last frame, as the terminal has it. */
  #frame = '';
  #columns: number;
  /** Where the cursor is to stand. */
  #cursor: CursorPlace | undefined;
  /** Where it stands in the terminal; undefined below the frame. */
  #placed: CursorPlace | undefined;
  #cursorTimer: NodeJS.Timeout | undefined;

  constructor(terminal: Terminal, options: FrameOutputOptions = {}) {
    super();
    this.#terminal = terminal;
    this.#options = options;
    this.#columns = this.columns;
  }

  get columns(): number {
    return this.#terminal.columns || DEFAULT_COLUMNS;
  }

  get rows(): number {
    return ROWS_FOR_INK;
  }

  write(written: string, callback?: () => void): boolean {
    // The cursor and the synchronizing are done here, once for all that comes together.
    const text = [BEGIN, END, HIDE_CURSOR, SHOW_CURSOR].includes(written) ? '' : written;
    if (text !== '') {
      const erase = ERASE.exec(text)?.[0] ?? '';
      this.#pending.push({ erase, text: this.placeholders.resolve(text.slice(erase.length)) });
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
    // Another program has the terminal: output waits.
    if (this.#isSuspended) return;
    const columns = this.#columns;
    this.#terminal._refreshSize?.();
    const pieces = this.#pending;
    this.#pending = [];
    if (pieces.length === 0 && samePlace(this.#cursor, this.#placed)) return;
    if (this.#columns < columns) return this.#skipFrame(pieces);
    const [first] = pieces;
    const isNextFrame =
      pieces.length === 1 && first.erase !== '' && first.text !== '' && !this.#options.leavesCursor;
    const body = isNextFrame
      ? changeFrame(this.#frame, first.text)
      : pieces.map(({ erase, text }) => erase + text).join('');
    this.#frame = pieces.at(-1)?.text ?? this.#frame;
    this.#terminal.write(BEGIN + this.#leaveCursor() + body + this.#enterCursor(this.#cursor) + END);
  }

  /** A frame for a window that is narrower by now is not shown; Ink, which did not know, believes it was. */
  #skipFrame(pieces: readonly Piece[]): void {
    let body = '';
    for (const [index, { erase, text }] of pieces.entries()) {
      const isFrame = index === pieces.length - 1;
      if (isFrame) this.#frame = '\n'.repeat(text.split('\n').length - 1);
      body += erase + (isFrame ? this.#frame : text);
    }
    this.#terminal.write(BEGIN + body + END);
  }

  /** Put the cursor somewhere, with the next frame or, when there is none, soon. */
  setCursor(place: CursorPlace): void {
    if (this.#options.leavesCursor) return;
    this.#cursor = place;
    clearTimeout(this.#cursorTimer);
    this.#cursorTimer = setTimeout(() => this.flush(), CURSOR_DELAY_MS);
    this.#cursorTimer.unref();
  }

  /**
   * Call this when the window has a new size, before Ink hears of it. A narrower terminal has broken the frame's
   * lines into more: they are cleared, and the cursor stands where Ink expects it.
   */
  resize(): void {
    const columns = this.columns;
    const isNarrower = columns < this.#columns;
    this.#columns = columns;
    if (!isNarrower) return;
    const clear = clearBrokenFrame(this.#frame, this.#placed, columns, this.#options.isXtermJs ?? false);
    this.#placed = undefined;
    this.#frame = '\n'.repeat(this.#frame.split('\n').length - 1);
    this.#terminal.write(BEGIN + HIDE_CURSOR + clear + this.#frame + END);
  }

  /** Clear the window and draw the frame at its top. */
  clearScreen(): void {
    this.flush();
    this.#terminal.write(`${BEGIN}\u001b[H\u001b[2J${this.#redraw()}${END}`);
  }

  /** Take the frame away, for a while in which others write: the cursor stands where it began. */
  suspend(): void {
    this.flush();
    const up = this.#frame.split('\n').length - 1;
    this.#terminal.write(`${this.#leaveCursor()}\r${moveUp(up)}${ERASE_BELOW}${SHOW_CURSOR}`);
    this.#isSuspended = true;
  }

  /** Draw the frame again, where the cursor is now, with what arrived in the meantime. */
  resume(): void {
    this.#isSuspended = false;
    const pieces = this.#pending;
    this.#pending = [];
    const finished = pieces.filter(({ erase }, index) => erase === '' && index < pieces.length - 1);
    this.#frame = pieces.at(-1)?.text ?? this.#frame;
    this.#terminal.write(finished.map(({ text }) => text).join(''));
    this.#terminal.write(`${BEGIN}${this.#redraw()}${END}`);
  }

  /** Leave the cursor below the frame, for the next program that writes. */
  close(): void {
    this.#cursor = undefined;
    this.flush();
    clearTimeout(this.#cursorTimer);
    this.#terminal.write(this.#leaveCursor() + SHOW_CURSOR);
  }

  #redraw(): string {
    this.#placed = undefined;
    return this.#frame + this.#enterCursor(this.#cursor);
  }

  /** From the input line to below the frame. */
  #leaveCursor(): string {
    const placed = this.#placed;
    this.#placed = undefined;
    return placed === undefined ? '' : `${HIDE_CURSOR}\u001b[${placed.rowsUp}B\r`;
  }

  #enterCursor(place: CursorPlace | undefined): string {
    if (this.#options.leavesCursor) return SHOW_CURSOR;
    if (place === undefined) return HIDE_CURSOR;
    this.#placed = place;
    return `${moveUp(place.rowsUp)}\u001b[${place.column + 1}G${SHOW_CURSOR}`;
  }
}

function samePlace(a: CursorPlace | undefined, b: CursorPlace | undefined): boolean {
  return a?.rowsUp === b?.rowsUp && a?.column === b?.column;
}
