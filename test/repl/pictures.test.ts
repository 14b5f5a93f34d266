import { describe, expect, it } from 'vitest';
import { decodeImage } from '../../src/image/decode/decode-image.js';
import { resizeBicubic } from '../../src/image/resize/resize-bicubic.js';
import { findPictures, type PixelProtocol } from '../support/terminal/find-pictures.js';
import { meanDifference } from '../support/terminal/pictures.js';
import { makeHome, openPty, type PtyRepl } from '../support/terminal/open-pty.js';

const PATH = 'fixtures/gallery/farm.png';

/** Each terminal as it names itself, and how far what comes back may be from the picture: sixel has 256 colours. */
const terminals: [PixelProtocol, Record<string, string>, number][] = [
  ['kitty', { TERM: 'xterm-kitty', TERM_PROGRAM: '', KITTY_WINDOW_ID: '1' }, 0],
  ['iterm2', { TERM_PROGRAM: 'iTerm.app', LC_TERMINAL: 'iTerm2' }, 0],
  ['sixel', { TERM: 'foot', TERM_PROGRAM: '' }, 4],
];

async function waitForPictures(
  repl: PtyRepl,
  protocol: PixelProtocol,
  count: number,
): ReturnType<typeof findPictures> {
  for (;;) {
    const { bytes } = repl;
    const pictures = await findPictures(bytes, protocol);
    if (pictures.length >= count) return pictures;
    await repl.until(
      () => repl.bytes.length > bytes.length || repl.exitCode !== undefined,
      `picture ${count}`,
    );
  }
}

describe('pictures that reach the terminal', () => {
  it.each(terminals)(
    'are the picture, with what was found on it, with %s in a session',
    async (protocol, env, tolerance) => {
      const repl = await openPty({ env, pictures: [PATH], engine: 'stream.mjs' });
      const [plain] = await waitForPictures(repl, protocol, 1);
      const picture = await decodeImage(PATH);
      expect(plain.width / plain.height).toBeCloseTo(picture.width / picture.height, 1);
      const small = resizeBicubic(picture, plain.width, plain.height);
      expect(meanDifference(plain, small)).toBeLessThanOrEqual(tolerance);
      await repl.see(/fp32 · cpu/);
      repl.type('detect thing\r');
      const [, drawn] = await waitForPictures(repl, protocol, 2);
      // 33 boxes lie on it.
      const difference = meanDifference(drawn, small);
      expect(difference).toBeGreaterThan(tolerance + 2);
      expect(difference).toBeLessThan(80);
    },
  );

  it('are the picture with --show, in each terminal', async () => {
    const home = makeHome();
    const picture = await decodeImage(PATH);
    const command = [
      process.execPath,
      'bin/pali.js',
      'ask',
      'nothing',
      PATH,
      '--show',
      '--max-tokens',
      '1',
    ] as const;
    for (const [protocol, env, tolerance] of terminals) {
      const pali = await openPty({ env, home, command: [...command] });
      expect(await pali.exit()).toBe(0);
      // What a program wrote last may arrive after its end.
      await expect.poll(async () => (await findPictures(pali.bytes, protocol)).length).toBeGreaterThan(0);
      const [shown] = await findPictures(pali.bytes, protocol);
      const difference = meanDifference(shown, resizeBicubic(picture, shown.width, shown.height));
      expect(difference, protocol).toBeLessThanOrEqual(tolerance);
    }
  });
});
