import { describe, expect, it } from 'vitest';
import type { RgbImage } from '../../../src/base/image.js';
import { drawOverlay } from '../../../src/image/draw/draw-overlay.js';
import type { Size } from '../../../src/base/geometry.js';
import { layoutLabels, sizeOverlay, type OverlayShape } from '../../../src/image/draw/layout-overlay.js';
import { renderText, type Color } from '../../../src/image/draw/render-text.js';

const green: Color = [0, 200, 0];
const white: Color = [255, 255, 255];

function grayPicture(width: number, height: number): RgbImage {
  return { width, height, data: new Uint8Array(width * height * 3).fill(90) };
}

function shape(x0: number, y0: number, x1: number, y1: number, label = ''): OverlayShape {
  return { box: { x0, y0, x1, y1 }, label, color: green, textColor: white };
}

function pixelAt(image: RgbImage, x: number, y: number): number[] {
  const at = (y * image.width + x) * 3;
  return Array.from(image.data.subarray(at, at + 3));
}

describe('drawOverlay', () => {
  it('draws a box on its edges and leaves the rest', async () => {
    const picture = grayPicture(400, 300);
    const result = await drawOverlay(picture, [shape(100, 50, 300, 250)]);
    for (const [x, y] of [
      [100, 50],
      [299, 249],
      [100, 249],
      [200, 50],
      [299, 150],
    ]) {
      expect(pixelAt(result, x, y)).toEqual([...green]);
    }
    expect(pixelAt(result, 200, 150)).toEqual([90, 90, 90]);
    expect(pixelAt(result, 80, 150)).toEqual([90, 90, 90]);
    expect(picture.data.every((value) => value === 90)).toBe(true);
  });

  it('tints the mask, outlines it, and leaves its holes', async () => {
    const data = new Uint8Array(200 * 200);
    for (let y = 20; y < 180; y++) {
      for (let x = 20; x < 180; x++) if (x < 80 || x >= 120 || y < 80 || y >= 120) data[y * 200 + x] = 1;
    }
    const mask = { width: 200, height: 200, data };
    const result = await drawOverlay(grayPicture(200, 200), [{ ...shape(5, 5, 195, 195), mask }]);
    expect(pixelAt(result, 20, 100)).toEqual([...green]);
    expect(pixelAt(result, 50, 50)).toEqual([50, 140, 50]);
    expect(pixelAt(result, 100, 100)).toEqual([90, 90, 90]);
    expect(pixelAt(result, 12, 100)).toEqual([90, 90, 90]);
  });

  it.each([
    [1, 1],
    [3, 2],
    [64, 64],
    [4000, 20],
  ])('draws on %i x %i pixels', async (width, height) => {
    const picture = grayPicture(width, height);
    const result = await drawOverlay(picture, [
      shape(0, 0, width, height, 'dog'),
      shape(0, 0, 0.5, 0.5, 'cat'),
    ]);
    expect([result.width, result.height, result.data.length]).toEqual([width, height, width * height * 3]);
    expect(result.data).not.toEqual(picture.data);
  });
});

describe('layoutLabels', () => {
  it('puts a label above its box, or beside it where there is no room above', async () => {
    const { labels } = await layoutLabels({ width: 640, height: 480 }, [
      shape(100, 100, 300, 300, 'dog'),
      shape(400, 0, 500, 480, 'cat'),
    ]);
    const [above, beside] = labels;
    expect([above!.strip.x0, above!.strip.y1]).toEqual([100, 100]);
    expect([beside!.strip.x0, beside!.strip.y0]).toEqual([500, 0]);
  });

  it('keeps every label inside the picture', async () => {
    const size = { width: 320, height: 200 };
    const long = 'a long label that does not fit between the box and the edge of this picture';
    const { labels } = await layoutLabels(size, [
      shape(300, 190, 320, 200, long),
      shape(0, 0, 320, 200, long),
      shape(310, 0, 320, 5, 'right'),
      shape(0, 195, 10, 200, 'left'),
    ]);
    expect(labels[0]!.text).toMatch(/…$/);
    for (const label of labels) {
      const { x0, y0, x1, y1 } = label!.strip;
      expect(x0).toBeGreaterThanOrEqual(0);
      expect(y0).toBeGreaterThanOrEqual(0);
      expect(x1).toBeLessThanOrEqual(size.width);
      expect(y1).toBeLessThanOrEqual(size.height);
    }
  });

  it("does not lay equal boxes' labels over one another", async () => {
    const same = ['dog', 'cat', 'cow'].map((label) => shape(100, 100, 300, 300, label));
    const { labels } = await layoutLabels({ width: 640, height: 480 }, same);
    const strips = labels.map((label) => label!.strip);
    for (const [i, a] of strips.entries()) {
      for (const b of strips.slice(i + 1)) {
        expect(a.x0 < b.x1 && b.x0 < a.x1 && a.y0 < b.y1 && b.y0 < a.y1).toBe(false);
      }
    }
  });

  it('lies over no small object, but beside it', async () => {
    // A chicken, a sheep and a tractor on 160 x 107 pixels.
    const boxes = [
      shape(41, 70, 61, 90, 'chicken'),
      shape(16, 63, 36, 85, 'sheep'),
      shape(93, 62, 143, 102, 'tractor'),
    ];
    const { labels, legend } = await layoutLabels({ width: 160, height: 107 }, boxes, { hasLegend: true });
    expect(labels.map((label) => label!.text)).toEqual(['chicken', 'sheep', 'tractor']);
    expect(legend).toEqual([]);
    for (const label of labels) {
      for (const { box } of boxes) {
        const { x0, y0, x1, y1 } = label!.strip;
        const width = Math.max(0, Math.min(x1, box.x1) - Math.max(x0, box.x0));
        const height = Math.max(0, Math.min(y1, box.y1) - Math.max(y0, box.y0));
        expect((width * height) / ((box.x1 - box.x0) * (box.y1 - box.y0))).toBeLessThanOrEqual(0.06);
      }
    }
  });

  it('writes the score behind the label, and leaves it out where only the label has room', async () => {
    const scored = { ...shape(100, 100, 300, 300, 'dog'), score: '0.87' };
    const { labels } = await layoutLabels({ width: 640, height: 480 }, [scored]);
    expect(labels[0]!.text).toBe('dog 0.87');
    const narrow = await layoutLabels(
      { width: 40, height: 480 },
      [{ ...scored, box: { x0: 5, y0: 100, x1: 35, y1: 300 } }],
      {
        hasLegend: true,
      },
    );
    expect(narrow.labels[0]!.text).toBe('dog');
  });

  it('keeps a score that was asked for: smaller, with a label cut before it, or in the legend', async () => {
    const box = { x0: 5, y0: 100, x1: 35, y1: 300 };
    const asked = { ...shape(0, 0, 0, 0, 'dog'), box, score: '0.87', keepsScore: true };
    const textsOf = async (size: Size, shapes: readonly OverlayShape[]): Promise<unknown[]> =>
      (await layoutLabels(size, shapes)).labels.map((label) => label?.text);
    expect(await textsOf({ width: 40, height: 480 }, [asked])).toEqual([expect.stringMatching(/ 0\.87$/)]);
    const long = { ...asked, label: 'a very long label that has no room at all' };
    expect(await textsOf({ width: 120, height: 480 }, [long])).toEqual([
      expect.stringMatching(/^a.*… 0\.87$/),
    ]);
    const crowd = Array.from({ length: 12 }, (_, i) => ({
      ...shape(30 + i, 40, 60 + i, 100, 'person'),
      ...{ score: '0.50', keepsScore: true },
    }));
    const { labels, legend } = await layoutLabels({ width: 160, height: 107 }, crowd, { hasLegend: true });
    const drawn = labels.filter((label) => label?.text.endsWith(' 0.50')).length;
    const explained = legend.flatMap(({ text }) => text.match(/\d+ \(0\.50\)/g) ?? []).length;
    expect(explained).toBeGreaterThan(4);
    expect(drawn + explained).toBe(12);
  });

  it('numbers what has no room, and says in a legend what the numbers mean', async () => {
    const crowd = Array.from({ length: 40 }, (_, i) => {
      const [x, y] = [(i % 10) * 16, Math.floor(i / 10) * 26];
      return {
        ...shape(x + 1, y + 1, x + 15, y + 25, i % 2 === 0 ? 'person' : 'traffic light'),
        score: '0.50',
      };
    });
    const { labels, legend } = await layoutLabels({ width: 160, height: 107 }, crowd, { hasLegend: true });
    const numbered = labels.flatMap((label, index) => (label?.text === String(index + 1) ? [index] : []));
    expect(numbered.length).toBeGreaterThan(20);
    expect(legend.map(({ text }) => text.split(':')[0])).toEqual(['person', 'traffic light']);
    const named = legend.flatMap(({ text }) => text.match(/\d+/g)!.map(Number)).sort((a, b) => a - b);
    expect(named).toEqual(numbered.map((index) => index + 1));
    const picture = grayPicture(160, 107);
    expect((await drawOverlay(picture, crowd, { hasLegend: true })).height).toBeGreaterThan(140);
    // Frames of a video keep their size.
    expect((await drawOverlay(picture, crowd)).height).toBe(107);
  });

  it('has no label without text or without room', async () => {
    for (const [width, height, label] of [
      [640, 480, ' \u0007 '],
      [640, 5, 'dog'],
      [4, 480, 'dog'],
    ] as const) {
      const { labels, legend } = await layoutLabels({ width, height }, [shape(1, 1, 9, 4, label)]);
      expect(labels).toEqual([undefined]);
      expect(legend).toEqual([]);
    }
  });
});

describe('sizeOverlay', () => {
  it.each([
    [64, 64, 1, 9],
    [960, 640, 3, 19],
    [8000, 600, 6, 36],
    [8000, 6000, 27, 166],
  ])('fits %i x %i', (width, height, lineWidth, fontSize) => {
    expect(sizeOverlay({ width, height })).toMatchObject({ lineWidth, fontSize });
  });
});

describe('renderText', () => {
  it('draws letters of the bundled font, not boxes for missing ones', async () => {
    const narrow = await renderText('iiii', 20, white);
    const wide = await renderText('WWWW', 20, white);
    expect(wide!.width).toBeGreaterThan(narrow!.width * 2);
    expect(wide!.data.length).toBe(wide!.width * wide!.height * 4);
  });

  it('gives every Latin label one height', async () => {
    const heights = await Promise.all(
      ['cow', 'dog', 'Tag', '...'].map((text) => renderText(text, 24, white)),
    );
    expect(new Set(heights.map((picture) => picture!.height)).size).toBe(1);
  });

  it.each([
    '<b>bold</b>',
    '& < > " \'',
    '</span>',
    '<span size="900000">x</span>',
    '\ud800 lone',
    'a\nb\u202ec',
  ])('takes %j as plain text', async (text) => {
    const picture = await renderText(text, 20, white);
    expect(picture!.height).toBeLessThan(40);
  });

  it('draws other scripts', async () => {
    for (const text of ['Жук', 'Ünïcode', 'كلب', '犬', '🐶']) {
      expect((await renderText(text, 20, white))!.width).toBeGreaterThan(5);
    }
  });
});
