import { copyFileSync, existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { spawn } from '@lydell/node-pty';
import xterm from '@xterm/headless';
import { describe, expect, it } from 'vitest';
import { runPali } from '../support/run-pali.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const folder = temporaryFolder();
const home = { PALI_HOME: join(folder, 'home') };
const farm = 'fixtures/gallery/farm.png';
const sea = 'fixtures/gallery/sea.png';

/** Run in a terminal; everything that was written, and the screen at the end. */
async function runInTerminal(args: readonly string[]): Promise<{ written: string; screen: string }> {
  const terminal = new xterm.Terminal({ cols: 100, rows: 40, allowProposedApi: true });
  const child = spawn(process.execPath, [resolve('bin/pali.js'), ...args], {
    cols: 100,
    rows: 40,
    env: { PATH: process.env['PATH']!, HOME: folder, ...home, TERM: 'xterm-256color' },
  });
  let written = '';
  child.onData((text) => (written += text));
  await new Promise((ended) => child.onExit(ended));
  await new Promise<void>((drawn) => terminal.write(written, drawn));
  const { active } = terminal.buffer;
  const lines = Array.from({ length: active.length }, (_, i) => active.getLine(i)!.translateToString(true));
  return { written, screen: lines.join('\n').trimEnd() };
}

describe('--output', () => {
  it('writes a file, and nothing to stdout', async () => {
    const path = join(folder, 'captions.txt');
    const run = await runPali(['caption', '-q', sea, 'gone.png', '--output', path], home);
    expect([run.stdout, run.exitCode]).toEqual(['', 3]);
    expect(readFileSync(path, 'utf8')).toBe(`${sea}\ttwo dolphins, a whale and a boat on the sea\n`);
  });

  it('leaves an older file when there is no model to answer', async () => {
    const path = join(folder, 'older.json');
    writeFileSync(path, 'older');
    await runPali(['caption', '-q', sea, '--model', 'nope', '--format', 'json', '-o', path], home);
    expect(readFileSync(path, 'utf8')).toBe('older');
    expect(readdirSync(folder).filter((name) => name.endsWith('.part'))).toEqual([]);
  });

  it('writes a file for each picture into a folder, whatever they are called', async () => {
    const hostile = join(folder, '-x\n\u001b[31m".png');
    copyFileSync(sea, hostile);
    const out = join(folder, 'out');
    mkdirSync(out);
    await runPali(['caption', '-q', '-o', out, '--format', 'json', '--', hostile, sea, 'gone.png'], home);
    expect(readdirSync(out).sort()).toEqual(['-x_".json', 'gone.json', 'sea.json']);
  });
});

describe('--stream', () => {
  it('tells what happens, in order for each picture', async () => {
    const { stdout, exitCode } = await runPali(['detect', 'cow', '--stream', farm, 'gone.png'], home);
    const events = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { event: string; inputNumber: number });
    const kindsOf = (number: number): string[] =>
      events.filter(({ inputNumber }) => inputNumber === number).map(({ event }) => event);
    expect(exitCode).toBe(3);
    expect(kindsOf(1)).toEqual(['start', 'error']);
    expect(kindsOf(0).filter((kind) => kind !== 'token')).toEqual(['start', 'box', 'box', 'done']);
    expect(kindsOf(0).indexOf('box')).toBe(5);
  });
});

describe('--stream of several prompts or answers', () => {
  interface Event {
    readonly event: string;
    readonly inputNumber: number;
    readonly promptNumber?: number;
    readonly answerNumber?: number;
  }
  const stream = async (...args: string[]): Promise<Event[]> => {
    const { stdout } = await runPali([...args, '--stream'], home);
    return stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Event);
  };

  it('tells the tokens of each prompt, and ends with one result', async () => {
    const events = await stream('detect', 'cow ; tractor', '--per-class', farm);
    const promptsOf = (kind: string): (number | undefined)[] => [
      ...new Set(events.filter(({ event }) => event === kind).map(({ promptNumber }) => promptNumber)),
    ];
    expect(promptsOf('token').sort()).toEqual([0, 1]);
    expect(promptsOf('done')).toEqual([undefined]);
    expect(events.filter(({ event }) => event === 'done')).toHaveLength(1);
  });

  it('ends each answer with a result, and keeps the numbers of the inputs', async () => {
    const events = await stream('caption', '-q', '-n', '2', '--temperature', '1', sea, 'gone.png', sea);
    const ends = events.filter(({ event }) => event === 'done' || event === 'error');
    expect(ends.map(({ event, inputNumber, answerNumber }) => [event, inputNumber, answerNumber])).toEqual([
      ['done', 0, 0],
      ['done', 0, 1],
      ['error', 1, undefined],
      ['done', 2, 0],
      ['done', 2, 1],
    ]);
  });
});

describe('options that name folders', () => {
  it('make none where there is nothing to write, and refuse a file in its place at once', async () => {
    const at = (name: string): string => join(folder, 'folders', name);
    const named = ['--masks', at('masks'), '--cutout', at('cut'), '--frames-to', at('frames')];
    const none = await runPali(['ask', '-q', 'caption en', sea, ...named], home);
    expect([none.exitCode, none.stdout]).toEqual([0, 'two dolphins, a whale and a boat on the sea\n']);
    const noVideo = await runPali(
      ['caption', sea, '--annotate', at('a/'), '--contact-sheet', at('c/')],
      home,
    );
    expect([noVideo.exitCode, noVideo.stderr]).toEqual([2, expect.stringContaining('no input is a video')]);
    const failed = await runPali(
      ['detect', 'cow', 'gone.png', '--overlay', at('o/'), '-o', at('out/')],
      home,
    );
    expect([failed.exitCode, existsSync(at(''))]).toEqual([3, false]);
    for (const option of ['--masks', '--cutout', '--frames-to', '--overlay', '-o']) {
      const refused = await runPali(['segment', 'cow', sea, sea, option, join(sea, 'below/')], home);
      expect([refused.exitCode, refused.stderr]).toEqual([2, expect.stringContaining('not a folder')]);
    }
  });
});

describe('--dry-run', () => {
  it('prints prompts without a model, and opens a picture only where its size matters', async () => {
    const fresh = { PALI_HOME: join(folder, 'fresh') };
    const run = await runPali(['caption', '--dry-run', 'gone.png', sea], fresh);
    expect(run).toEqual({ stdout: `gone.png\tcaption en\n${sea}\tcaption en\n`, stderr: '', exitCode: 0 });
    const region = ['caption', '--dry-run', '--region', '0%,0%,50%,50%', '--format', 'jsonl'];
    const { stdout, exitCode } = await runPali([...region, sea, 'gone.png'], fresh);
    expect(stdout).toContain('"prompt":"caption <loc0000><loc0000><loc0512><loc0512>"');
    expect([exitCode, existsSync(fresh.PALI_HOME)]).toEqual([3, false]);
  });
});

describe('--prompt-file', () => {
  it('takes the prompt from a file', async () => {
    const path = join(folder, 'prompt.txt');
    writeFileSync(path, '\ufeffcaption en\r\n\n');
    const { stdout } = await runPali(['ask', '-q', '--prompt-file', path, sea], home);
    expect(stdout).toBe('two dolphins, a whale and a boat on the sea\n');
    const gone = await runPali(['ask', '--prompt-file', 'no-file', sea], home);
    expect([gone.exitCode, gone.stderr]).toEqual([3, expect.stringContaining('no-file')]);
  });
});

describe('in a terminal', () => {
  it('shows how far it is and wipes that at the end', async () => {
    const { written, screen } = await runInTerminal(['caption', '-q', sea, farm]);
    expect(written).not.toContain('pictures/s');
    expect(screen.split('\n')).toHaveLength(2);
    const watched = await runInTerminal(['caption', sea, farm]);
    expect(watched.written).toContain('0/2');
    expect(watched.screen).not.toContain('/2');
  });

  it('draws the picture above the answer, and takes no picture for a way to draw', async () => {
    const { screen } = await runInTerminal(['detect', 'cow', '-q', '--show', farm]);
    const rows = screen.split('\n');
    expect(rows[0]).toMatch(/^[ ▀-▟]+$/);
    expect(rows.at(-1)).toMatch(/^● cow {2}1\.00 {2}/);
    expect((await runInTerminal(['detect', 'cow', '-q', '--show', 'never', farm])).screen).toMatch(/^cow/);
  });
});
