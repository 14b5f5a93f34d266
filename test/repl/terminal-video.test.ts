import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { openPty, type PtyOptions, type PtyRepl } from '../support/terminal/open-pty.js';

const clip = 'fixtures/video/crossing.mp4';
const OPENED = /crossing\.mp4\s+0:08 · 320×180 · 10 fps/;

/** Sequences that clear the window, its scrollback, or reset the terminal. */
// eslint-disable-next-line no-control-regex
const FULL_CLEAR = /\u001b\[[23]J|\u001b\[H|\u001bc/g;

async function openClip(options: PtyOptions = {}): Promise<PtyRepl> {
  const repl = await openPty({ pictures: [clip], ...options });
  await repl.see(OPENED);
  return repl;
}

/** ffmpeg processes that are children of this one. */
function countFfmpeg(pid: number): number {
  const rows = execFileSync('ps', ['-e', '-o', 'ppid=,comm='], { encoding: 'utf8' }).split('\n');
  return rows.filter((row) => row.trim().startsWith(`${pid} `) && row.includes('ffmpeg')).length;
}

describe('a video in a terminal', () => {
  it('opens with a strip, is answered in a timeline, and left for a frame', async () => {
    const repl = await openClip();
    await repl.see(
      /8 samples at 1 fps\n {2}change with \/set fps 2\n( {2}([ ▀-▟]{24} {2}){2}[ ▀-▟]{1,24}\n){7} {2}0:00 +0:04 +0:07\n/,
    );
    const from = repl.bytes.length;
    repl.type('caption en\r');
    await repl.see(/› caption en\n {2}0:00–0:07 {2}caption en\n {2}8 frames · \d+\.\d\d s · answer 1\n/);
    expect(repl.bytes.slice(from).match(FULL_CLEAR) ?? []).toEqual([]);
    await repl.see('crossing.mp4 0:08 · fake fp32 · cpu');
    repl.type('/next\r/frame 0:06\r');
    await repl.see(
      /› \/next\n {2}\S*crossing\.mp4 {2}0:00 · 1\/8\n( {2}[ ▀-▟]+\n){11,12} {2}0:00 {2}caption en\n/,
    );
    await repl.see(/\/frame 0:06\n {2}\S*crossing\.mp4 {2}0:06 · 7\/8/);
    await repl.see('crossing.mp4 0:06 · 7/8 · fake fp32 · cpu');
    repl.type('caption es\r');
    await repl.see(/ {2}caption es\n {2}0:06 · \d/);
    repl.type('/video\r');
    await repl.see('crossing.mp4 0:08 · fake fp32 · cpu');
  });

  it('pauses and goes on with the space bar, which is a space in any other line', async () => {
    const repl = await openClip({ engine: 'stall.mjs' });
    repl.type('caption en\r');
    await repl.see(/0\/8 · space pauses/);
    repl.type(' ');
    await repl.see('0/8 · paused · space goes on');
    repl.type('a b');
    await repl.until(() => /│ a b +│/.test(repl.text()), 'the line with its space');
    expect(repl.text()).toContain('paused');
    repl.type('\u0015');
    repl.type(' ');
    await repl.see(/0\/8 · space pauses/);
    await repl.until(() => !repl.text().includes('paused'), 'that it goes on');
  });

  it.skipIf(process.platform === 'win32')('stops at once with Escape, and leaves no ffmpeg', async () => {
    const repl = await openClip({ engine: 'stall.mjs' });
    repl.type('/set fps 10\rcaption en\r/next\r');
    await repl.see(/0\/80/);
    await repl.see('1 line waiting');
    repl.type('\u001b');
    await repl.see(/› caption en\n {2}cancelled\n/);
    await repl.until(() => !/0\/80/.test(repl.text()), 'the end of the bar');
    await repl.until(() => countFfmpeg(repl.pid) === 0, 'the end of ffmpeg');
    repl.type('\u0004');
    expect(await repl.exit()).toBe(0);
  });

  it('fits a window of 40 columns', async () => {
    const repl = await openClip({ columns: 40, rows: 20 });
    await repl.see(
      /8 samples at 1 fps\n {2}change with \/set fps 2\n( {2}[ ▀-▟]{17} {2}[ ▀-▟]{1,17}\n){5} {2}0:00 +0:07\n/,
    );
    repl.type('describe\r');
    await repl.see(/› describe\n {2}0:00–0:07 {2}describe en\n {2}8 frames/);
    for (const line of repl.lines(true)) expect(line.length).toBeLessThanOrEqual(40);
  });

  it('is told in words without colours, and on a dumb terminal', async () => {
    const plain = await openClip({ env: { NO_COLOR: '1' } });
    plain.type('caption en\r');
    await plain.see(/› caption en\n {2}0:00–0:07 {2}caption en\n {2}8 frames/);
    expect(plain.text(true)).not.toContain('▀');
    const dumb = await openPty({ pictures: [clip], env: { TERM: 'dumb' } });
    await dumb.see(/crossing\.mp4 {2}0:08 - 320x180 - 10 fps - 8 samples at 1 fps/);
    dumb.type('caption en\r');
    await dumb.see(/ {2}0:00-0:07 {2}caption en\r?\n {2}8 frames - /);
    dumb.type('/frame 3\rocr\r');
    await dumb.see(/crossing\.mp4 {2}0:02 - 3\/8/);
    await dumb.see(/ {2}ocr\r?\n {2}0:02 - \d/);
  });

  it('is drawn as one picture where the terminal shows pictures', async () => {
    const repl = await openClip({ env: { TERM: 'xterm-kitty', TERM_PROGRAM: '' } });
    await repl.see(/0:00 +0:04 +0:07/);
    expect(repl.bytes.split('\u001b_Ga=T')).toHaveLength(2);
    expect(repl.text(true)).not.toContain('▀');
  });

  it('says in place that ffmpeg is missing', async () => {
    const repl = await openPty({ pictures: [clip], env: { FFMPEG_PATH: '/nowhere/ffmpeg' } });
    await repl.see('✗ FFMPEG_PATH names /nowhere/ffmpeg, which is not a program.');
    repl.type('/open fixtures/gallery/farm.png\r');
    await repl.see(/farm\.png {2}960×640/);
  });
});
