import { describe, expect, it } from 'vitest';
import { openPty } from '../support/terminal/open-pty.js';

const PATH = 'fixtures/video/crossing.mp4';
const OTHER_SCREEN = '\u001b[?1049h';
const BACK = '\u001b[?1049l';

/** Numbers of kitty's pictures that are still in the terminal. */
function kittyLeft(bytes: string): string[] {
  const left = new Set<string>();
  // eslint-disable-next-line no-control-regex
  for (const [, action, id] of bytes.matchAll(/\u001b_Ga=([Td])[^;\u001b]*?\bi=(\d+)/g)) {
    if (action === 'T') left.add(id);
    else left.delete(id);
  }
  return [...left];
}

describe('a video that plays in the terminal', () => {
  it.each<[string, Record<string, string>]>([
    ['blocks', {}],
    ['kitty', { TERM: 'xterm-kitty', TERM_PROGRAM: '', KITTY_WINDOW_ID: '1' }],
  ])('leaves nothing behind, with %s', async (_, env) => {
    const repl = await openPty({ env, pictures: [PATH], engine: 'stream.mjs' });
    await repl.see(/fp32 · cpu/);
    const isPlaying = (): boolean => /0:0\d\.\d \/ 0:08/.test(repl.text());
    repl.type('/play 0:02\r');
    await repl.until(isPlaying, 'the time');
    await repl.resize(60, 18);
    repl.type(' ');
    await repl.see('space goes on');
    repl.type('\u001b');
    await repl.see(/Played to 0:0\d\.\d: \d+ frames? shown/);
    expect(repl.bytes.split(OTHER_SCREEN)).toHaveLength(2);
    expect(repl.bytes.lastIndexOf(BACK)).toBeGreaterThan(repl.bytes.lastIndexOf(OTHER_SCREEN));
    expect(kittyLeft(repl.bytes)).toEqual([]);
    // Ctrl-C leaves the player alone; the session goes on.
    repl.type('/play\r');
    await repl.until(isPlaying, 'the time again');
    repl.type('\u0003');
    await repl.until(() => !isPlaying(), 'the session');
    // A command that is typed meanwhile goes to the prompt.
    const opened = repl.bytes.split(OTHER_SCREEN).length;
    repl.type('/play 0:01\r');
    await expect.poll(() => repl.bytes.split(OTHER_SCREEN).length, { timeout: 30_000 }).toBe(opened + 1);
    repl.type('/quit\r');
    expect(await repl.exit()).toBe(0);
    await expect.poll(() => repl.bytes.split(BACK)).toHaveLength(4);
    expect(repl.bytes.lastIndexOf('\u001b[?25h')).toBeGreaterThan(repl.bytes.lastIndexOf('\u001b[?25l'));
  });

  it('is given up with the program', async () => {
    const repl = await openPty({ command: [process.execPath, 'bin/pali.js', PATH] });
    await repl.see('crossing.mp4 0:08');
    repl.type('/play\r');
    await repl.see('space holds');
    process.kill(repl.pid, 'SIGTERM');
    await repl.exit();
    // What a program wrote last may arrive after its end.
    await expect
      .poll(() => repl.bytes.lastIndexOf(BACK))
      .toBeGreaterThan(repl.bytes.lastIndexOf(OTHER_SCREEN));
  });
});
