import { mkdtempSync, readFileSync, statSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findProgram, listLoadedScripts, listPackages } from '../support/loaded-packages.js';
import { makeHome, openPty, type PtyRepl } from '../support/terminal/open-pty.js';

const PICTURE = /street\.png {2}1024×640/;

/** Sequences that clear the window, its scrollback, or reset the terminal. */
// eslint-disable-next-line no-control-regex
const FULL_CLEAR = /\u001b\[[23]?J|\u001b\[H|\u001bc/g;

/** The row with the cursor in it. */
function cursorLine(repl: PtyRepl): string {
  return repl.lines()[repl.cursor().row];
}

describe('the REPL in a terminal', () => {
  it('shows the picture, answers a line and moves the answer up', async () => {
    const repl = await openPty();
    await repl.see(PICTURE);
    expect(repl.text(true)).toContain('▀▀▀▀▀▀▀▀▀▀');
    repl.type('ask hello there\r');
    await repl.see(/› ask hello there\n {2}hello there\n {2}\d+\.\d\d s/);
    await repl.see('street.png 1024×640 · fake fp32 · cpu');
  });

  it.each([
    ['kitty', { TERM: 'xterm-kitty', TERM_PROGRAM: '' }, '\u001b_Ga=T,f=100'],
    ['iTerm2', { TERM_PROGRAM: 'iTerm.app' }, '\u001b]1337;File='],
    ['sixel', { TERM: 'foot', TERM_PROGRAM: '' }, '\u001bP'],
  ])('draws finished pictures with %s, in rows kept free for them', async (_, env, sequence) => {
    const repl = await openPty({ env });
    await repl.see(PICTURE);
    await repl.until(() => repl.bytes.includes(sequence), 'the picture');
    await repl.see(/1024×640\n{12,15}╭/);
    expect(repl.text(true)).not.toContain('▀');
    repl.type('/preview off\r/show\r');
    await repl.see('preview: off');
    await repl.see(/› \/show/);
  });

  it('keeps lines for the next session, readable by the user alone, with drafts', async () => {
    const home = makeHome();
    const first = await openPty({ home });
    await first.see(PICTURE);
    first.type('ask one\r');
    await first.see(/ {2}one\n/);
    first.type('ask two\r');
    await first.see(/ {2}two\n/);
    first.type('\u0004');
    expect(await first.exit()).toBe(0);
    expect(statSync(join(home, 'history')).mode & 0o777).toBe(0o600);
    expect(readFileSync(join(home, 'history'), 'utf8')).toBe('ask one\nask two\n');

    const second = await openPty({ home });
    await second.see(PICTURE);
    second.type('a draft\u001b[A\u001b[A');
    await second.until(() => cursorLine(second).includes('ask one'), 'the oldest line');
    second.type('\u001b[B\u001b[B');
    await second.until(() => cursorLine(second).includes('a draft'), 'the draft');
    second.type('\u0015\u0012two');
    await second.see('search: two');
    await second.until(() => /ask two/.test(second.text()), 'the line that was searched');
    second.type('\r');
    await second.see(/› ask two\n {2}two/);
  });

  it('has its prompt without the decoder of pictures, and without any package that only some lines need', async () => {
    const coverage = mkdtempSync(join(makeHome(), 'coverage-'));
    const repl = await openPty({
      command: [process.execPath, 'bin/pali.js'],
      env: { NODE_V8_COVERAGE: coverage },
    });
    await repl.see('/help lists everything');
    repl.type('\u0004');
    expect(await repl.exit()).toBe(0);
    const scripts = findProgram(listLoadedScripts(coverage), 'commands/repl');
    // The demo model is prepared once, which begins after the prompt and reads a checkpoint.
    const preparing = /^(?:@huggingface\/.*|fflate|gearhash-jit)$/;
    expect(listPackages(scripts).filter((name) => !preparing.test(name))).toEqual(['yoga-layout']);
  });

  it('completes commands, and paths after @', async () => {
    const repl = await openPty();
    await repl.see(PICTURE);
    repl.type('/previ');
    await repl.see('/preview MODE');
    repl.type('\t');
    await repl.until(() => cursorLine(repl).includes('/preview'), 'the command');
    repl.type('\u0015ask hi @fixtures/gallery/far');
    await repl.see(/^ {3}farm\.png/m);
    repl.type('\r');
    await repl.until(() => cursorLine(repl).includes('@fixtures/gallery/farm.png'), 'the path');
    repl.type('\r');
    await repl.see('farm.png  960×640');
    await repl.see(/› ask hi @fixtures\/gallery\/farm\.png\n {2}hi\n/);
  });

  it('takes a paste of 10,000 characters whole, and line breaks in it do not send it', async () => {
    const repl = await openPty();
    await repl.see(PICTURE);
    const pasted = `first line\n${'0123456789'.repeat(998)}\nlast`;
    repl.paste(pasted);
    await repl.until(() => /last/.test(cursorLine(repl)), 'the end of the paste');
    repl.type(' line');
    await repl.until(() => /last line/.test(cursorLine(repl)), 'what was typed behind it');
    expect(repl.lines().length).toBe(24);
    repl.type('\u0003');
    await repl.see('Ctrl-C again leaves.');
    repl.type('ask still here\r');
    await repl.see(/ {2}still here\n/);
  });

  it('leaves nothing behind when the window is narrowed from 200 to 40 columns under a stream', async () => {
    const repl = await openPty({ columns: 200, rows: 50, engine: 'stream.mjs' });
    await repl.see(PICTURE);
    repl.type('detect thing\r');
    await repl.see(/\d+ found · \d+ tokens/);
    await repl.resize(40, 50);
    await repl.see('33 objects');
    await repl.until(() => cursorLine(repl).startsWith('›'), 'the input line without a frame');
    const text = repl.text(true);
    expect(text).not.toMatch(/[╭╰│]/);
    expect(text).not.toContain('esc stops');
    expect(text.match(/› detect thing/g)).toHaveLength(1);
    repl.type('x');
    await repl.until(() => cursorLine(repl) === '› x', 'an echo');
  });

  it('never clears the window while 200 tokens stream', async () => {
    const repl = await openPty({ engine: 'stream.mjs' });
    await repl.see(PICTURE);
    const from = repl.bytes.length;
    repl.type('detect thing\r');
    await repl.see('33 objects');
    expect(repl.bytes.slice(from).match(FULL_CLEAR) ?? []).toEqual([]);
  });

  it('is usable at once after Ctrl-C, with an engine that hears nothing', async () => {
    const repl = await openPty({ engine: 'blocked.mjs' });
    await repl.see(PICTURE);
    await repl.see(/fp32 · cpu/);
    repl.type('caption en\r');
    await repl.see('reading the prompt');
    repl.type('\u0003');
    await repl.see(/› caption en\n {2}cancelled/);
    await repl.see('Ctrl-C again leaves.');
    repl.type('still here');
    await repl.until(() => cursorLine(repl).includes('still here'), 'an echo');
    repl.type('\u0003\u0003');
    expect(await repl.exit()).toBe(0);
  });

  it('tells how far the model is loaded', async () => {
    const home = makeHome();
    const repl = await openPty({ engine: 'held.mjs', home });
    await repl.see('loading 62 %');
    writeFileSync(join(home, 'go-load'), '');
    await repl.see(/fp32 · cpu/);
    expect(repl.text()).not.toContain('loading');
  });

  it('gives the prompt back before the engine has ended the step that was stopped', async () => {
    const home = makeHome();
    writeFileSync(join(home, 'go-load'), '');
    const repl = await openPty({ engine: 'held.mjs', home });
    await repl.see(PICTURE);
    await repl.see(/fp32 · cpu/);
    repl.type('ask stopped\r');
    await repl.see('reading the prompt');
    repl.type('\u0003');
    await repl.see(/› ask stopped\n {2}cancelled/);
    repl.type('ask next');
    await repl.until(() => cursorLine(repl).includes('ask next'), 'an echo');
    repl.type('\r');
    await repl.see('reading the prompt');
    // Only now does the engine's step end; its answer is nobody's any more.
    writeFileSync(join(home, 'go-answer'), '');
    await repl.see(/› ask next\n {2}next\n/);
    expect(repl.text(true)).not.toMatch(/^ {2}stopped$/m);
  });

  it('lets lines wait while it is busy, and drops them with Ctrl-C', async () => {
    const repl = await openPty({ engine: 'stream.mjs' });
    await repl.see(PICTURE);
    repl.type('detect one\r');
    await repl.see('esc stops');
    repl.type('detect two\rdetect three\r');
    await repl.see('2 lines waiting');
    repl.type('\u0003');
    await repl.see('2 waiting lines were dropped.');
    await repl.see(/cancelled/);
    expect(repl.text(true)).not.toContain('› detect two');
  });

  it('says that the engine died, and starts it again', async () => {
    const repl = await openPty({ engine: 'crash.mjs' });
    await repl.see(PICTURE);
    await repl.see(/fp32 · cpu/);
    repl.type('ask exit 3\r');
    await repl.see(/› ask exit 3\n {2}✗ /);
    await repl.see('The engine is started again.');
    repl.type('ask alive\r');
    await repl.see(/› ask alive\n {2}alive/);
  });

  it('puts errors in their place, with what to do', async () => {
    const repl = await openPty({ pictures: [] });
    await repl.see('fp32 · cpu');
    repl.type('detect cat\r');
    await repl.see(/✗ No picture is open\.\n {4}Drop a file here/);
    repl.type('/opne x\r');
    await repl.see(/✗ There is no command \/opne\.\n {4}Did you mean \/open\?/);
    repl.type('/open nothing.png\r');
    await repl.see('✗ There is no file nothing.png.');
  });

  it('keeps wide characters and emoji whole', async () => {
    const repl = await openPty();
    await repl.see(PICTURE);
    repl.type('猫é👍🏽x');
    await repl.until(() => cursorLine(repl).includes('x'), 'the text');
    // Frame and margin take two columns; the four characters 2, 1, 2 and 1.
    await repl.until(() => repl.cursor().column === 2 + 6, 'the cursor behind the x');
    repl.type('\u001b[D\u001b[D\u007f');
    await repl.until(() => repl.cursor().column === 2 + 2, 'the cursor behind the cat');
    repl.type('\u0001ask \r');
    await repl.see(/› ask 猫👍🏽x\n {2}猫👍🏽x/);
  });

  it('works in a window of 10 rows and 40 columns', async () => {
    const repl = await openPty({ columns: 40, rows: 10, engine: 'stream.mjs' });
    await repl.see(/street\.png/);
    const from = repl.bytes.length;
    repl.type('detect thing\r');
    await repl.see('esc stops');
    await repl.see('33 objects');
    expect(repl.bytes.slice(from).match(FULL_CLEAR) ?? []).toEqual([]);
    expect(repl.lines().every((line) => line.length <= 40)).toBe(true);
    repl.type('/');
    await repl.see('/open');
    expect(repl.lines()).toHaveLength(10);
  });

  it('writes no colours with NO_COLOR', async () => {
    const repl = await openPty({ engine: 'stream.mjs', env: { NO_COLOR: '1' } });
    await repl.see('street.png');
    repl.type('detect thing\r');
    await repl.see('33 objects');
    repl.type('/');
    await repl.see(/› \/open/);
    // eslint-disable-next-line no-control-regex
    expect(repl.bytes.match(/\u001b\[[\d;]+m/g) ?? []).toEqual([]);
  });

  it('is a plain line prompt on a dumb terminal', async () => {
    const repl = await openPty({ env: { TERM: 'dumb' } });
    await repl.see(/^> $|^>$/m);
    repl.type('ask hello\r');
    await repl.see(/> ask hello\n {2}hello\n {2}\d/);
    repl.type('/quit\r');
    expect(await repl.exit()).toBe(0);
    expect(repl.bytes).not.toContain('\u001b');
  });

  it('stops the answer with Ctrl-C on a dumb terminal, and leaves with two', async () => {
    const home = makeHome();
    writeFileSync(join(home, 'go-load'), '');
    writeFileSync(join(home, 'go-answer'), '');
    const repl = await openPty({ env: { TERM: 'dumb' }, engine: 'held.mjs', home });
    await repl.see(/^>$/m);
    repl.type('ask ready\r');
    await repl.see(/^ {2}ready$/m);
    unlinkSync(join(home, 'go-answer'));
    repl.type('ask one\rask waiting\r');
    // Ctrl-C takes away what the terminal has and the program has not read.
    await repl.until(() => readFileSync(join(home, 'is-asked'), 'utf8') === 'one');
    repl.type('\u0003');
    await repl.see(/cancelled\n>$/m);
    writeFileSync(join(home, 'go-answer'), '');
    repl.type('ask two\r');
    await repl.see(/> ask two\n {2}two\n {2}\d[^\n]*\n>$/m);
    expect(repl.text(true)).not.toContain('  waiting');
    repl.type('\u0003');
    // On a busy machine more than three seconds have passed since the first.
    const hasHint = (): boolean => repl.text(true).includes('Ctrl-C again leaves.');
    await repl.until(() => repl.exitCode !== undefined || hasHint());
    if (repl.exitCode === undefined) repl.type('\u0003');
    expect(await repl.exit()).toBe(0);
  });

  it('gives a screen reader text without frames, pictures and spinners', async () => {
    const repl = await openPty({ engine: 'stream.mjs', env: { INK_SCREEN_READER: 'true' } });
    await repl.see('street.png');
    repl.type('detect thing\r');
    await repl.see('33 objects');
    expect(repl.text(true)).not.toMatch(/[╭╰│▀▇●⠋⠙⠹⠸]/);
    repl.type('ask more');
    await repl.until(() => cursorLine(repl) === '> ask more', 'the line, the cursor in it');
  });

  it.skipIf(process.platform === 'win32')('can be suspended and comes back', async () => {
    const program = `'${process.execPath}' test/support/terminal/repl-program.mjs echo.mjs fixtures/gallery/street.png`;
    const repl = await openPty({ command: ['bash', '--norc', '-i'], env: { PS1: 'shell$ ' } });
    await repl.see('shell$');
    repl.type(`${program}\r`);
    await repl.see(PICTURE);
    await repl.see(/fp32 · cpu/);
    repl.type('half a li\u001a');
    await repl.see('Stopped');
    repl.type('echo between\r');
    await repl.see(/^between$/m);
    repl.type('fg\r');
    await repl.until(() => cursorLine(repl).includes('half a li'), 'the line as it was');
    repl.type('ne\u0001ask \r');
    await repl.see(/› ask half a line\n {2}half a line/);
    repl.type('\u0004');
    await repl.until(() => cursorLine(repl).includes('shell$'), 'the shell');
    repl.type('exit\r');
  });

  it('brings the screen back as it found it', async () => {
    const repl = await openPty();
    await repl.see(PICTURE);
    repl.type('\u0004');
    expect(await repl.exit()).toBe(0);
    // Cursor shown, bracketed paste off.
    expect(repl.bytes.lastIndexOf('\u001b[?25h')).toBeGreaterThan(repl.bytes.lastIndexOf('\u001b[?25l'));
    expect(repl.bytes).toContain('\u001b[?2004l');
  });
});
