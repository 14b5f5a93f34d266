import { displayWidth } from '../../render/display-width.js';
import { printablePath } from '../../render/printable-path.js';
import type { ProgressTerminal } from '../results/progress-line.js';

/** The lines are drawn at most this often. */
const MIN_INTERVAL_MS = 100;
/** Cells of a bar: fewer where the terminal is narrow, so that the words after it fit. */
const MOST_CELLS = 30;
const FEWEST_CELLS = 6;
/** `100 %  2.9 GB/5.0 GB  84 MB/s  1 min 25 s` and the spaces around the bar. */
const WORDS_COLUMNS = 46;

/** One task in progress. */
export interface Bar {
  readonly name: string;
  /** 0..1. */
  readonly share: number;
  /** The text after the percentage. */
  readonly note: string;
  readonly isDone: boolean;
  /** Its current step: without a terminal, each gets a line. Such a bar is drawn below all others. */
  readonly step?: string;
}

/**
 * Several bars, one below the other, redrawn in place on a terminal; without a terminal, one plain line for each that
 * is finished.
 */
export class ProgressBars {
  readonly #bars = new Map<string, Bar>();
  readonly #written = new Set<string>();
  #drawnLines = 0;
  #drawnAt = -Infinity;

  constructor(
    private readonly terminal: ProgressTerminal,
    private readonly style: { readonly isQuiet: boolean; readonly isColored: boolean },
    private readonly now: () => number = () => performance.now(),
  ) {}

  get #isLive(): boolean {
    return this.terminal.isTTY === true && process.env['TERM'] !== 'dumb';
  }

  /** Show a bar; one of the same name is replaced. */
  show(bar: Bar): void {
    const before = this.#bars.get(bar.name);
    this.#bars.set(bar.name, bar);
    if (this.style.isQuiet) return;
    if (!this.#isLive) {
      const words = bar.step ?? (bar.isDone ? bar.note : undefined);
      const line = `${printablePath(bar.name)}  ${words}\n`;
      if (words === undefined || this.#written.has(line)) return;
      this.#written.add(line);
      this.terminal.write(line);
      return;
    }
    const isDue = this.now() - this.#drawnAt >= MIN_INTERVAL_MS;
    if (isDue || before?.isDone !== bar.isDone) this.#draw();
  }

  /** Leave what is drawn in the scrollback and begin below it. */
  finish(): void {
    if (this.#drawnLines > 0) this.#draw();
    this.#drawnLines = 0;
    this.#bars.clear();
  }

  #draw(): void {
    this.#drawnAt = this.now();
    const all = [...this.#bars.values()];
    // Steps that work on the files stay below them.
    const bars = [
      ...all.filter(({ step }) => step === undefined),
      ...all.filter(({ step }) => step !== undefined),
    ];
    const nameWidth = Math.max(...bars.map(({ name }) => displayWidth(printablePath(name))));
    const lines = bars.map((bar) => `\r\u001b[2K${this.#format(bar, nameWidth)}\n`);
    const up = this.#drawnLines > 0 ? `\u001b[${this.#drawnLines}A` : '';
    this.terminal.write(up + lines.join(''));
    this.#drawnLines = lines.length;
  }

  #format({ name, share, note }: Bar, nameWidth: number): string {
    const columns = this.terminal.columns || 80;
    const cells = Math.max(FEWEST_CELLS, Math.min(MOST_CELLS, columns - nameWidth - WORDS_COLUMNS));
    const bounded = Math.min(1, Math.max(0, share));
    const full = Math.floor(bounded * cells);
    const done = '━'.repeat(full) + (full < cells ? '╸' : '');
    const rest = (this.style.isColored ? '━' : ' ').repeat(Math.max(0, cells - full - 1));
    const shown = printablePath(name);
    const label = shown + ' '.repeat(nameWidth - displayWidth(shown));
    // 0.58 is a little less than 0.58.
    const percent = `${String(Math.floor(bounded * 100 + 1e-6)).padStart(3)} %`;
    // The line must not wrap, or moving up would lose count: cut the words, never the escapes.
    const room = columns - 1 - displayWidth(label) - 2 - cells - 1;
    const words = `${percent}  ${note}`.slice(0, Math.max(0, room));
    const bar = this.style.isColored ? `${done}\u001b[2m${rest}\u001b[22m` : done + rest;
    return `${label.slice(0, Math.max(0, columns - cells - 4))}  ${bar} ${words}`;
  }
}
