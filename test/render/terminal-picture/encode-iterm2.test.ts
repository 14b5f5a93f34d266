import { describe, expect, it } from 'vitest';
import { decodeImage } from '../../../src/image/decode/decode-image.js';
import { encodeTerminalPicture } from '../../../src/render/terminal-picture/encode-terminal-picture.js';
import { gradient } from '../../support/terminal/pictures.js';

describe("iTerm2's inline pictures", () => {
  it('carry the picture with its name, size and place', async () => {
    const image = gradient(150, 90);
    const text = await encodeTerminalPicture(
      image,
      { protocol: 'iterm2', isInTmux: false },
      { columns: 40, rows: 20 },
    );
    // eslint-disable-next-line no-control-regex
    const [, settings, base64] = /^\u001b\]1337;File=([^:]*):([^\u0007]*)\u0007\n$/.exec(text)!;
    const png = Buffer.from(base64, 'base64');
    const pairs = Object.fromEntries(settings.split(';').map((pair) => pair.split(/=(.*)/s))) as object;
    expect(pairs).toMatchObject({
      name: Buffer.from('pali.png').toString('base64'),
      size: String(png.length),
      inline: '1',
      width: '19',
      height: '6',
      preserveAspectRatio: '1',
    });
    expect(await decodeImage(png)).toEqual(image);
  });

  it('are handed through tmux with every escape doubled', async () => {
    const text = await encodeTerminalPicture(
      gradient(8, 8),
      { protocol: 'iterm2', isInTmux: true },
      { columns: 4, rows: 4 },
    );
    // eslint-disable-next-line no-control-regex
    expect(text).toMatch(/^\u001bPtmux;\u001b\u001b\]1337;[^\u001b]*\u0007\u001b\\\n$/);
  });
});
