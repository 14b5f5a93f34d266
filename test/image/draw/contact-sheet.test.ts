import { describe, expect, it } from 'vitest';
import { ContactSheet } from '../../../src/image/draw/contact-sheet.js';
import { layoutSheet, type SheetTile } from '../../../src/image/draw/layout-sheet.js';

const head = { title: 'crossing.mp4', subtitle: 'detect dog' };
const sentence =
  'a dog, a tractor and a butterfly cross a meadow before a tree that stands on the right of the picture';

function tile(width: number, height: number, heading = '0:01', text = sentence): SheetTile {
  return { image: { width, height, data: new Uint8Array(width * height * 3).fill(200) }, heading, text };
}

describe('layoutSheet', () => {
  it('keeps words as narrow as the column, short ones too', async () => {
    const text = '5 x 7 = 35, 1 cow, 2 dog, 3 cat, '.repeat(4);
    const tiles = Array.from({ length: 12 }, () => tile(1600, 1200, '0:01', text));
    const { cells, lines } = await layoutSheet(tiles, head, 'a4');
    const below = lines.filter(({ y }) => y > cells[0].y);
    expect(below.length).toBeGreaterThan(24);
    for (const { picture } of below) expect(picture.width).toBeLessThanOrEqual(cells[0].side);
  });

  it.each([
    ['screen', 1],
    ['screen', 12],
    ['screen', 50],
    ['a4', 1],
    ['a4', 12],
    ['a4', 60],
  ] as const)('fits a %s with %i pictures', async (page, count) => {
    const tiles = Array.from({ length: count }, (_, i) => tile(i % 3 === 0 ? 120 : 160, 120));
    const { width, height, cells, lines } = await layoutSheet(tiles, head, page);
    if (page === 'a4') expect([width, height]).toEqual([2480, 3508]);
    else expect(width).toBeLessThanOrEqual(1920);
    expect(cells).toHaveLength(count);
    expect(lines[0].text).toBe('crossing.mp4');
    for (const { picture, x, y } of lines) {
      expect(x + picture.width).toBeLessThanOrEqual(width);
      expect(y + picture.height).toBeLessThanOrEqual(height);
      // Words stand apart from every picture.
      for (const {
        tile: { image },
        x: left,
        y: top,
        side,
      } of cells) {
        const scale = side / Math.max(image.width, image.height);
        const isBeside = x >= left + image.width * scale || x + picture.width <= left;
        const isApart = y >= top + image.height * scale + 4 || y + picture.height <= top;
        expect(isBeside || isApart).toBe(true);
      }
    }
  });

  it('wraps a sentence instead of cutting it', async () => {
    const { lines } = await layoutSheet([tile(160, 120)], head, 'screen');
    const below = lines.slice(3).map(({ text }) => text);
    expect(below.length).toBeGreaterThan(1);
    expect(below.join(' ')).toBe(sentence);
  });
});

describe('ContactSheet', () => {
  it('draws objects in the size in which they are shown', async () => {
    const sheet = new ContactSheet();
    const sizes: number[] = [];
    const draw = async (small: SheetTile['image']): Promise<SheetTile['image']> => {
      sizes.push(small.width);
      return { ...small, data: small.data.map(() => 7) };
    };
    await sheet.add({ ...tile(1600, 1200), draw });
    const { width, data } = (await sheet.draw(head, 'screen'))!;
    expect(sizes).toEqual([600]);
    expect(data.filter((value) => value === 7).length).toBeGreaterThan(600 * 450 * 3 * 0.99);
    expect(width).toBeLessThan(700);
  });

  it('thins out what is too much, and is nothing without pictures', async () => {
    const sheet = new ContactSheet();
    expect(await sheet.draw(head, 'screen')).toBeUndefined();
    for (let i = 0; i < 200; i++) await sheet.add(tile(4, 4, '', ''));
    const picture = await sheet.draw(head, 'screen');
    expect(picture!.height).toBeLessThan(2000);
  });
});
