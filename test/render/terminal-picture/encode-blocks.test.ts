import { describe, expect, it } from 'vitest';
import type { RgbImage } from '../../../src/base/image.js';
import { resizeBicubic } from '../../../src/image/resize/resize-bicubic.js';
import type { PictureProtocol } from '../../../src/render/terminal-picture/choose-protocol.js';
import { encodeTerminalPicture } from '../../../src/render/terminal-picture/encode-terminal-picture.js';
import { gradient, meanDifference } from '../../support/terminal/pictures.js';

/** xterm's colours 16 to 255. */
function toRgb(style: readonly string[]): number[] {
  if (style[0] === '2') return style.slice(1).map(Number);
  const index = Number(style[1]) - 16;
  if (index >= 216) return Array<number>(3).fill(8 + 10 * (index - 216));
  const level = (value: number): number => (value === 0 ? 0 : 55 + 40 * value);
  return [level(Math.floor(index / 36)), level(Math.floor(index / 6) % 6), level(index % 6)];
}

/** Draw as a terminal does. Fails on anything but half blocks and their colours. */
function decodeBlocks(text: string): RgbImage {
  const rows = text.split('\n');
  expect(rows.pop()).toBe('');
  const halves: number[][][] = [];
  for (const row of rows) {
    // eslint-disable-next-line no-control-regex
    expect(row).toMatch(/^(?:\u001b\[38;(?:5;\d+|2;\d+;\d+;\d+);48;(?:5;\d+|2;\d+;\d+;\d+)m▀+)+\u001b\[0m$/);
    const upper: number[][] = [];
    const lower: number[][] = [];
    for (const [, style, blocks] of row.matchAll(/\[38;([\d;]+)m(▀+)/g)) {
      const [top, bottom] = style.split(';48;').map((part) => toRgb(part.split(';')));
      for (let i = 0; i < blocks.length; i++) {
        upper.push(top);
        lower.push(bottom);
      }
    }
    halves.push(upper, lower);
  }
  return { width: halves[0].length, height: halves.length, data: Uint8Array.from(halves.flat(2)) };
}

const draw = (image: RgbImage, protocol: PictureProtocol, columns = 40, rows = 12): Promise<string> =>
  encodeTerminalPicture(image, { protocol, isInTmux: false }, { columns, rows });

describe('half blocks', () => {
  it('come back exactly in 24-bit colours', async () => {
    const image = gradient(300, 180);
    const back = decodeBlocks(await draw(image, 'blocks'));
    expect([back.width, back.height]).toEqual([40, 24]);
    expect(back).toEqual(resizeBicubic(image, 40, 24));
  });

  it('come back close in 256 colours', async () => {
    const image = gradient(300, 180);
    const back = decodeBlocks(await draw(image, 'blocks-256'));
    expect(meanDifference(back, resizeBicubic(image, 40, 24))).toBeLessThan(15);
  });

  it('take grays from the finer scale', async () => {
    const image = { width: 2, height: 2, data: Uint8Array.from(Array<number>(12).fill(128)) };
    expect(decodeBlocks(await draw(image, 'blocks-256')).data[0]).toBe(128);
  });

  it('draw a picture of odd height, and one of a pixel', async () => {
    expect(decodeBlocks(await draw(gradient(5, 5), 'blocks'))).toMatchObject({ width: 5, height: 6 });
    expect(decodeBlocks(await draw(gradient(1, 1), 'blocks'))).toMatchObject({ width: 1, height: 2 });
  });

  it('say a colour once for neighbours that share it', async () => {
    const image = { width: 30, height: 2, data: new Uint8Array(180) };
    // eslint-disable-next-line no-control-regex
    expect((await draw(image, 'blocks')).match(/\u001b/g)).toHaveLength(2);
  });
});
