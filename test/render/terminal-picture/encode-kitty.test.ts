import { describe, expect, it } from 'vitest';
import { decodeImage } from '../../../src/image/decode/decode-image.js';
import { resizeBicubic } from '../../../src/image/resize/resize-bicubic.js';
import { encodeTerminalPicture } from '../../../src/render/terminal-picture/encode-terminal-picture.js';
import { rowColumnMarks } from '../../../src/render/terminal-picture/encode-kitty.js';
import { gradient, meanDifference } from '../../support/terminal/pictures.js';

/** The file and the settings of the first sequence; each must be as the protocol wants it. */
function readSequences(text: string): { png: Buffer; settings: Record<string, string>; rest: string } {
  let base64 = '';
  let settings: Record<string, string> | undefined;
  let hasMore = true;
  // eslint-disable-next-line no-control-regex
  const rest = text.replace(/\u001b_G([^;]*);([^\u001b]*)\u001b\\/g, (_, head: string, piece: string) => {
    const pairs = Object.fromEntries(head.split(',').map((pair) => pair.split('='))) as Record<
      string,
      string
    >;
    expect(hasMore).toBe(true);
    expect(piece.length).toBeLessThanOrEqual(4096);
    if (pairs['m'] === '1') expect(piece.length % 4).toBe(0);
    hasMore = pairs['m'] === '1';
    settings ??= pairs;
    base64 += piece;
    return '';
  });
  expect(hasMore).toBe(false);
  return { png: Buffer.from(base64, 'base64'), settings: settings!, rest };
}

describe("kitty's graphics protocol", () => {
  const choice = { protocol: 'kitty', isInTmux: false } as const;

  it('carries the very pixels of a small picture', async () => {
    const image = gradient(150, 90);
    const text = await encodeTerminalPicture(image, choice, { columns: 40, rows: 20 });
    const { png, settings, rest } = readSequences(text);
    expect(await decodeImage(png)).toEqual(image);
    expect(settings).toMatchObject({ a: 'T', f: '100', q: '2', c: '19' });
    expect(rest).toBe('\n');
  });

  it('sends a large picture in pieces, with two pixels for each of the space', async () => {
    const noise = gradient(900, 600);
    for (let i = 0; i < noise.data.length; i++) noise.data[i] = (i * 7919 + (i >> 5) * 31) % 256;
    const { png, settings } = readSequences(
      await encodeTerminalPicture(noise, choice, { columns: 40, rows: 10 }),
    );
    const sent = await decodeImage(png);
    expect([sent.width, sent.height]).toEqual([480, 320]);
    expect(meanDifference(sent, resizeBicubic(noise, 480, 320))).toBe(0);
    expect(settings).toMatchObject({ r: '10' });
    expect(settings).not.toHaveProperty('c');
  });

  it('goes through tmux with placeholders that say which piece each cell is', async () => {
    const image = gradient(160, 64);
    const id = 255 * 3 + 7;
    const text = await encodeTerminalPicture(
      image,
      { protocol: 'kitty-cells', isInTmux: true },
      { columns: 300, rows: 20 },
      id,
    );
    const handedOn = text.replace(
      // eslint-disable-next-line no-control-regex
      /\u001bPtmux;((?:[^\u001b]|\u001b\u001b)*)\u001b\\/g,
      (_, inner: string) => inner.replaceAll('\u001b\u001b', '\u001b'),
    );
    const { png, settings, rest } = readSequences(handedOn);
    expect(await decodeImage(png)).toEqual(image);
    expect(settings).toMatchObject({ U: '1', c: '20', r: '4', i: String(3 * 2 ** 24 + 7) });

    const lines = rest.split('\n');
    expect(lines.pop()).toBe('');
    const cells = lines.map((line) => {
      // eslint-disable-next-line no-control-regex
      const [, color, row] = /^\u001b\[38;5;(\d+)m(.*)\u001b\[39m$/u.exec(line)!;
      expect(color).toBe('7');
      return row
        .match(/\u{10eeee}.{3}/gu)!
        .map((cell) => [...cell].slice(1).map((mark) => rowColumnMarks.indexOf(mark)));
    });
    expect(cells).toEqual(
      Array.from({ length: 4 }, (_, row) => Array.from({ length: 20 }, (_, column) => [row, column, 3])),
    );
  });

  it('numbers rows and columns by different marks of no width', () => {
    expect(new Set(rowColumnMarks).size).toBe(128);
    for (const mark of rowColumnMarks) expect(mark).toMatch(/^\p{Mn}$/u);
  });
});
