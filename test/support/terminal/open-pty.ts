import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { spawn, type IPty } from '@lydell/node-pty';
import xterm from '@xterm/headless';
import { afterEach } from 'vitest';

/** How long a screen is waited for, milliseconds: the machine may be busy. */
const PATIENCE_MS = 30_000;
const POLL_MS = 15;

const open: PtyRepl[] = [];
const homes: string[] = [];

afterEach(() => {
  for (const repl of open.splice(0)) repl.kill();
  for (const home of homes.splice(0)) rmSync(home, { recursive: true, force: true });
});

/** A folder for PALI_HOME, removed after the test. */
export function makeHome(): string {
  const home = mkdtempSync(join(tmpdir(), 'pali-repl-'));
  homes.push(home);
  return home;
}

/** What a test may choose. */
export interface PtyOptions {
  readonly columns?: number;
  readonly rows?: number;
  readonly env?: Record<string, string>;
  readonly home?: string;
  /** A program of fixtures/engines. */
  readonly engine?: string;
  readonly pictures?: readonly string[];
  /** Run this instead of the REPL. */
  readonly command?: readonly [string, ...string[]];
}

/** The REPL in a terminal, which shows what a user would see. */
export class PtyRepl {
  /** Everything that was written to the terminal. */
  bytes = '';
  exitCode: number | undefined;
  readonly #pty: IPty;
  readonly #screen: xterm.Terminal;

  constructor(pty: IPty, columns: number, rows: number) {
    this.#pty = pty;
    this.#screen = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true, scrollback: 5000 });
    pty.onData((data) => {
      this.bytes += data;
      this.#screen.write(data);
    });
    pty.onExit(({ exitCode }) => {
      this.exitCode = exitCode;
    });
    open.push(this);
  }

  get pid(): number {
    return this.#pty.pid;
  }

  type(text: string): void {
    this.#pty.write(text);
  }

  paste(text: string): void {
    this.#pty.write(`\u001b[200~${text}\u001b[201~`);
  }

  /** As a terminal does it, with nothing on its way from the program meanwhile. */
  async resize(columns: number, rows: number): Promise<void> {
    process.kill(this.#pty.pid, 'SIGSTOP');
    for (let seen = -1; seen !== this.bytes.length;) {
      seen = this.bytes.length;
      await new Promise((settle) => setTimeout(settle, 5 * POLL_MS));
    }
    await new Promise<void>((settle) => this.#screen.write('', settle));
    this.#screen.resize(columns, rows);
    this.#pty.resize(columns, rows);
    process.kill(this.#pty.pid, 'SIGCONT');
  }

  /** The window's rows, and those that scrolled away above it when `all` is set. */
  lines(all = false): string[] {
    const buffer = this.#screen.buffer.active;
    const first = all ? 0 : buffer.baseY;
    return Array.from({ length: buffer.baseY + this.#screen.rows - first }, (_, row) =>
      (buffer.getLine(first + row)?.translateToString(true) ?? '').trimEnd(),
    );
  }

  text(all = false): string {
    return this.lines(all).join('\n');
  }

  /** Row and column of the cursor, from 0. */
  cursor(): { row: number; column: number } {
    const { cursorX, cursorY } = this.#screen.buffer.active;
    return { row: cursorY, column: cursorX };
  }

  /** Wait until the window (with what scrolled away) shows this. */
  async see(wanted: string | RegExp): Promise<void> {
    await this.until(() => {
      const text = this.text(true);
      return typeof wanted === 'string' ? text.includes(wanted) : wanted.test(text);
    }, String(wanted));
  }

  async until(condition: () => boolean, name = 'it'): Promise<void> {
    const end = Date.now() + PATIENCE_MS;
    while (!condition()) {
      if (Date.now() > end) throw new Error(`The terminal never showed ${name}:\n${this.text(true)}`);
      await new Promise((settle) => setTimeout(settle, POLL_MS));
    }
  }

  async exit(): Promise<number> {
    await this.until(() => this.exitCode !== undefined, 'the end of the program');
    return this.exitCode!;
  }

  kill(): void {
    if (this.exitCode === undefined) this.#pty.kill('SIGKILL');
    this.#screen.dispose();
  }
}

/** Start it, and wait for the input line. */
export async function openPty(options: PtyOptions = {}): Promise<PtyRepl> {
  const { columns = 80, rows = 24, env = {}, engine = 'echo.mjs' } = options;
  const pictures = options.pictures ?? ['fixtures/gallery/street.png'];
  const [program, ...args] = options.command ?? [
    process.execPath,
    resolve('test/support/terminal/repl-program.mjs'),
    engine,
    ...pictures,
  ];
  const pty = spawn(program, args, {
    cols: columns,
    rows,
    name: env['TERM'] ?? 'xterm-256color',
    cwd: process.cwd(),
    env: {
      PATH: process.env['PATH']!,
      HOME: process.env['HOME']!,
      LANG: 'C.UTF-8',
      // The screen below is xterm.js, as there.
      TERM_PROGRAM: 'vscode',
      COLORTERM: 'truecolor',
      PALI_HOME: options.home ?? makeHome(),
      ...env,
    },
  });
  return new PtyRepl(pty, columns, rows);
}
