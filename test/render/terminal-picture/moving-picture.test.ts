import xterm from '@xterm/headless';
import { describe, expect, it } from 'vitest';
import type { RgbImage } from '../../../src/base/image.js';
import { BlockDifference } from '../../../src/render/terminal-picture/block-difference.js';
import { encodeBlocks } from '../../../src/render/terminal-picture/encode-blocks.js';
import {
  chooseMoving,
  fitMoving,
  MovingPicture,
} from '../../../src/render/terminal-picture/moving-picture.js';
import { gradient } from '../../support/terminal/pictures.js';

/** A terminal's window after some bytes: characters and colours of every cell. */
async function screenOf(...texts: readonly string[]): Promise<string[]> {
  const screen = new xterm.Terminal({ cols: 40, rows: 14, allowProposedApi: true });
  for (const text of texts) await new Promise<void>((settle) => screen.write(text, settle));
  return Array.from({ length: 40 * 12 }, (_, i) => {
    const cell = screen.buffer.active.getLine(Math.floor(i / 40))!.getCell(i % 40)!;
    return `${cell.getChars() || ' '} ${cell.getChars().trim() === '' ? '' : cell.getFgColor()} ${cell.getBgColor()}`;
  });
}

/** With a white square, this far from the left. */
function withSquare(image: RgbImage, left: number): RgbImage {
  const data = image.data.slice();
  for (let y = 8; y < 14; y++) data.fill(255, (y * image.width + left) * 3, (y * image.width + left + 6) * 3);
  return { ...image, data };
}

describe.each(['half', 'quadrants', 'sextants'] as const)('what changed, in %s', (symbols) => {
  const size = fitMoving(
    { width: 400, height: 240 },
    { protocol: 'blocks', isInTmux: false, symbols },
    {
      columns: 40,
      rows: 12,
    },
  );
  const plain = gradient(size.canvas.width, size.canvas.height);

  it('looks as if it was drawn whole, and is much less', async () => {
    const moving = new BlockDifference('24-bit', symbols);
    const [first, second] = [withSquare(plain, 4), withSquare(plain, 6)];
    const texts = [moving.draw(first), `\u001b[H${moving.draw(second)}`];
    const whole = encodeBlocks(second, '24-bit', symbols).replaceAll('\n', '\r\n');
    expect(await screenOf(...texts)).toEqual(await screenOf(whole));
    expect(texts[1].length).toBeLessThan(whole.length / 8);
  });

  it('is nothing where nothing did, nor where it is noise', () => {
    const moving = new BlockDifference('24-bit', symbols);
    moving.draw(plain);
    const noisy = { ...plain, data: plain.data.map((value, i) => Math.min(255, value + (i % 3))) };
    for (const image of [plain, noisy]) expect(moving.draw(image).length).toBeLessThan(20);
  });
});

describe('pictures of pixels that move', () => {
  const image = gradient(80, 48);

  it('of kitty come before the one below them goes, and leave none', async () => {
    const choice = { protocol: 'kitty', isInTmux: false } as const;
    const size = fitMoving(image, choice, { columns: 40, rows: 12 });
    const moving = new MovingPicture(choice, size, 7);
    const texts = [
      await moving.draw(image),
      await moving.draw(image),
      await moving.draw(image),
      moving.remove(),
    ];
    const seen = texts
      .join('')
      // eslint-disable-next-line no-control-regex
      .matchAll(/\u001b_Ga=([Td])[^;\u001b]*?\bi=(\d+)/g);
    expect([...seen].map(([, action, id]) => `${action}${id}`)).toEqual(['T7', 'T8', 'd7', 'T7', 'd8', 'd7']);
    expect(moving.remove()).toBe('');
  });

  it.each(['kitty', 'iterm2', 'sixel'] as const)(
    'of %s leave the cursor below their place',
    async (protocol) => {
      const choice = { protocol, isInTmux: false };
      const size = fitMoving(image, choice, { columns: 40, rows: 12 });
      const text = await new MovingPicture(choice, size, 1).draw(image);
      expect(text.startsWith('\u001b7')).toBe(true);
      expect(text.endsWith(`\u001b8\u001b[${size.rows}E`)).toBe(true);
    },
  );

  it('are blocks inside tmux', () => {
    expect(chooseMoving({ protocol: 'kitty-cells', isInTmux: true }).protocol).toBe('blocks');
    expect(chooseMoving({ protocol: 'blocks-256', isInTmux: true }).protocol).toBe('blocks-256');
  });
});
