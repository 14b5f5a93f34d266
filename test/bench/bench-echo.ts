// npm run bench -- echo: from a key to its echo in a terminal, while the engine works and while it rests.
import { fileURLToPath } from 'node:url';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spawn, type IPty } from '@lydell/node-pty';

const KEYS = 60;
/** Between two keys, milliseconds: a quick typist. */
const PAUSE_MS = 70;
const root = fileURLToPath(new URL('../../../', import.meta.url));

/** Keys at rest are the baseline; then the demo model answers one prompt after the other. */
export async function bench(): Promise<void> {
  const home = mkdtempSync(join(tmpdir(), 'pali-bench-'));
  const terminal = await openTerminal(home);
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
    rmSync(home, { recursive: true, force: true });
  }
}

interface Terminal {
  readonly pty: IPty;
  readonly see: (wanted: RegExp) => Promise<void>;
  /** Called with what comes. */
  listen: (data: string) => void;
}

async function openTerminal(home: string): Promise<Terminal> {
  const pty = spawn(process.execPath, ['bin/pali.js', 'fixtures/gallery/farm.png'], {
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

function median(times: readonly number[]): number {
  return times[Math.floor(times.length / 2)];
}

function sleep(ms: number): Promise<void> {
  return new Promise((settle) => setTimeout(settle, ms));
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
