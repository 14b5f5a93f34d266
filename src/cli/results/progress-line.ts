import { printablePath } from '../../render/printable-path.js';

/** Shortest time between two redraws, so that drawing costs almost nothing. */
const MIN_INTERVAL_MS = 100;

/** One line at the bottom of a terminal that shows progress, and is wiped when the work is done. */
export interface ProgressLine {
  /** Show this text instead of the last one. */
  show(text: string): void;
  /** Wipe the line; call it before anything else is printed, and at the end. */
  clear(): void;
}

/** A terminal that can be drawn on. */
export interface ProgressTerminal {
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  write(text: string): unknown;
}

/** @param isQuiet show nothing. Nothing is shown either when `terminal` is not one. */
export function createProgressLine(
  isQuiet: boolean,
  terminal: ProgressTerminal = process.stderr,
  now: () => number = () => performance.now(),
): ProgressLine {
  if (isQuiet || terminal.isTTY !== true || process.env['TERM'] === 'dumb') {
    return { show: () => undefined, clear: () => undefined };
  }
  let shownAt = -Infinity;
  let isShown = false;
  return {
    show: (text) => {
      if (now() - shownAt < MIN_INTERVAL_MS) return;
      shownAt = now();
      isShown = true;
      // One column stays free: some terminals wrap after the last. Some report no columns at all.
      terminal.write(`\r\u001b[2K${printablePath(text).slice(0, Math.max(0, (terminal.columns || 80) - 1))}`);
    },
    clear: () => {
      if (isShown) terminal.write('\r\u001b[2K');
      isShown = false;
    },
  };
}
