import { describe, expect, it } from 'vitest';
import type { RgbImage } from '../../../src/base/image.js';
import { resizeBicubic } from '../../../src/image/resize/resize-bicubic.js';
import { assignLabelColors } from '../../../src/render/drawing/label-colors.js';
import { drawSmallOverlay } from '../../../src/render/drawing/small-overlay.js';
import { characterAt, toBlockCells } from '../../../src/render/terminal-picture/block-cells.js';
import type { BlockSymbols } from '../../../src/render/terminal-picture/block-symbols.js';
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

/** Draw as a terminal does. Fails on anything but half blocks, blanks and their colours. */
function decodeBlocks(text: string): RgbImage {
  const rows = text.split('\n');
  expect(rows.pop()).toBe('');
  const halves: number[][][] = [];
  for (const row of rows) {
    expect(row.endsWith('\u001b[0m')).toBe(true);
    const upper: number[][] = [];
    const lower: number[][] = [];
    let [front, back] = [
      [0, 0, 0],
      [0, 0, 0],
    ];
    // eslint-disable-next-line no-control-regex
    for (const [, style, block] of row.slice(0, -4).matchAll(/\u001b\[([\d;]+)m|([^])/g)) {
      if (style !== undefined) {
        for (const [, ground, color] of style.matchAll(/([34])8;(5;\d+|2;\d+;\d+;\d+)/g)) {
          if (ground === '3') front = toRgb(color.split(';'));
          else back = toRgb(color.split(';'));
        }
        continue;
      }
      expect(' ▀').toContain(block);
      upper.push(block === ' ' ? back : front);
      lower.push(back);
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

describe('quadrants and sextants', () => {
  /** A white square on black in some of the parts of a cell. */
  const cellOf = (columns: number, rows: number, filled: number): RgbImage => ({
    width: columns,
    height: rows,
    data: Uint8Array.from(
      Array.from({ length: columns * rows }, (_, i) =>
        Array<number>(3).fill((filled >> i) & 1 ? 255 : 0),
      ).flat(),
    ),
  });

  it.each<[BlockSymbols, number, number, number, string]>([
    ['quadrants', 2, 2, 0b0001, '▘'],
    ['quadrants', 2, 2, 0b0110, '▞'],
    ['quadrants', 2, 2, 0b0111, '▛'],
    ['sextants', 2, 3, 0b000001, '\u{1fb00}'],
    ['sextants', 2, 3, 0b010101, '▌'],
    ['sextants', 2, 3, 0b010110, '\u{1fb14}'],
    ['sextants', 2, 3, 0b011110, '\u{1fb1c}'],
  ])('%s of %d x %d parts, %d filled', (symbols, columns, rows, filled, character) => {
    const cells = toBlockCells(cellOf(columns, rows, filled), symbols);
    expect([characterAt(cells, 0), cells.foregrounds[0], cells.backgrounds[0]]).toEqual([
      character,
      0xffffff,
      0,
    ]);
  });

  it('keep a line of one colour on a busy picture', async () => {
    const image = gradient(160, 96);
    const drawn = drawSmallOverlay(image, [{ label: 'a', box: { x0: 21, y0: 21, x1: 59, y1: 59 } }], image);
    const cells = toBlockCells(drawn, 'sextants');
    const { color } = assignLabelColors(['a']).get('a')!;
    // The left side of the box, column 20, in the left halves of the cells.
    const colors = Array.from({ length: 10 }, (_, row) => (9 + row) * cells.columns + 10);
    for (const cell of colors)
      expect([cells.foregrounds[cell], cells.backgrounds[cell]]).toContain(
        (color[0] << 16) | (color[1] << 8) | color[2],
      );
  });
});
