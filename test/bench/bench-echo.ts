// npm run bench -- echo: from a key to its echo in a terminal, while the engine works and while it rests; and from
// Ctrl-C in the middle of a prefill to the prompt.
import { fileURLToPath } from 'node:url';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spawn, type IPty } from '@lydell/node-pty';
import { median } from './median.js';

const KEYS = 60;
/** Between two keys, milliseconds: a quick typist. */
const PAUSE_MS = 70;
/** Times that a prefill is stopped. */
const STOPS = 5;
/** Ctrl-C twice within three seconds leaves, milliseconds. */
const STOP_PAUSE_MS = 3200;
const root = fileURLToPath(new URL('../../../', import.meta.url));

export async function bench(): Promise<void> {
  const home = mkdtempSync(join(tmpdir(), 'pali-bench-'));
  try {
    await benchKeys(home);
    await benchStops(home);
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

/** Keys at rest are the baseline; then the demo model answers one prompt after the other. */
async function benchKeys(home: string): Promise<void> {
  const program = ['bin/pali.js', 'fixtures/gallery/farm.png'];
  const terminal = await openTerminal(home, program);
  try {
    await terminal.see(/demo fp32 · (?!loading)\w/);
    const resting = await measure(terminal);
    // Enough lines wait to keep the engine busy for all keys.
    for (let i = 0; i < 40; i++) terminal.pty.write('segment object\r');
    await terminal.see(/\d+ tokens/);
    const working = await measure(terminal);
    print(`key to echo, ${KEYS} keys, milliseconds: median, 95 of 100, longest`);
    print(`resting  ${format(resting)}`);
    print(`working  ${format(working)}  ${(median(working) / median(resting)).toFixed(1)}x the baseline`);
  } finally {
    terminal.pty.kill('SIGKILL');
  }
}

/** The engine sits in a step that never ends, and hears nothing. */
async function benchStops(home: string): Promise<void> {
  const program = ['test/support/terminal/repl-program.mjs', 'blocked.mjs', 'fixtures/gallery/farm.png'];
  const terminal = await openTerminal(home, program);
  try {
    await terminal.see(/fp32 · (?!loading)\w/);
    const times: number[] = [];
    for (let i = 0; i < STOPS; i++) {
      terminal.pty.write('caption en\r');
      await terminal.see(/reading the prompt/);
      await sleep(STOP_PAUSE_MS);
      const startedAt = performance.now();
      const stopped = new Promise<void>((settle) => {
        terminal.listen = (data) => {
          if (data.includes('cancelled')) settle();
        };
      });
      terminal.pty.write('\u0003');
      await stopped;
      times.push(performance.now() - startedAt);
      terminal.listen = () => undefined;
    }
    times.sort((a, b) => a - b);
    print(`Ctrl-C in a prefill to the prompt, ${STOPS} times, milliseconds: median, longest`);
    print(`stopped  ${median(times).toFixed(1)}  ${times.at(-1)!.toFixed(1)}`);
  } finally {
    terminal.pty.kill('SIGKILL');
  }
}

interface Terminal {
  readonly pty: IPty;
  readonly see: (wanted: RegExp) => Promise<void>;
  /** Called with what comes. */
  listen: (data: string) => void;
}

async function openTerminal(home: string, program: readonly string[]): Promise<Terminal> {
  const pty = spawn(process.execPath, [...program], {
    cols: 100,
    rows: 40,
    name: 'xterm-256color',
    cwd: root,
    env: { ...process.env, PALI_HOME: home, COLORTERM: 'truecolor' },
  });
  let seen = '';
  const terminal: Terminal = {
    pty,
    see: async (wanted) => {
      while (!wanted.test(seen)) await sleep(20);
      seen = '';
    },
    listen: () => undefined,
  };
  pty.onData((data) => {
    seen += data;
    terminal.listen(data);
  });
  return terminal;
}

/** One letter after the other; each is echoed alone at the end of the line. */
async function measure(terminal: Terminal): Promise<number[]> {
  const times: number[] = [];
  for (let i = 0; i < KEYS; i++) {
    // Letters that nothing else on the screen has in this order.
    const typed = `q${'jz'.repeat(i + 1).slice(0, (i % 40) + 1)}`;
    const key = typed.at(-1)!;
    if (i % 40 === 0) {
      terminal.pty.write('\u0015q');
      await sleep(PAUSE_MS);
    }
    const startedAt = performance.now();
    await new Promise<void>((settle) => {
      terminal.listen = (data) => {
        if (data.includes(typed)) settle();
      };
      terminal.pty.write(key);
    });
    times.push(performance.now() - startedAt);
    terminal.listen = () => undefined;
    await sleep(PAUSE_MS);
  }
  return times.sort((a, b) => a - b);
}

function format(times: readonly number[]): string {
  const at = (share: number): string =>
    times[Math.min(times.length - 1, Math.floor(times.length * share))].toFixed(1);
  return `${at(0.5)}  ${at(0.95)}  ${at(1)}`;
}

function sleep(ms: number): Promise<void> {
  return new Promise((settle) => setTimeout(settle, ms));
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
