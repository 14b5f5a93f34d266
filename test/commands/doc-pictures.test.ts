import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { RgbImage } from '../../src/base/image.js';
import { decodeImage } from '../../src/image/decode/decode-image.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const run = promisify(execFile);
const folder = temporaryFolder();
const TIMEOUT_MS = 180_000;
/** Mean difference of all values, 0..255: a label elsewhere or a colour that changed is more than this. */
const MAX_DIFFERENCE = 0.2;
/** Letters are the system's; colours of classes that changed were more. */
const MAX_PAGE_DIFFERENCE = 2;
const hasChromium = existsSync(process.env['PALI_TEST_CHROMIUM'] ?? '/usr/bin/chromium');

function difference(a: RgbImage, b: RgbImage): number {
  return a.data.reduce((sum, value, i) => sum + Math.abs(value - b.data[i]), 0) / a.data.length;
}

/** A row of a recorded screen: its words, and the same with their colours; numbers are 0. */
interface Row {
  readonly text: string;
  readonly colored: string;
}

/** The screens of a recording, row by row, without those that are only blocks. */
function readScreens(svg: string): Row[][] {
  const rows = new Map(
    Array.from(svg.matchAll(/<g id="(r\d+)">(.*?)<\/g>/g), ([, id, row]) => [id, readRow(row)]),
  );
  return Array.from(svg.matchAll(/<g style="visibility:[^"]*">(.*?)<\/g>/g), ([, uses]) =>
    Array.from(uses.matchAll(/href="#(r\d+)"/g), ([, id]) => rows.get(id)!).filter(({ text }) => text !== ''),
  );
}

function readRow(row: string): Row {
  const words = Array.from(row.matchAll(/<text [^>]*fill="([^"]*)"[^>]*>([^<]+)/g), ([, fill, word]) => ({
    fill,
    word: word.replace(/\d+/g, '0'),
  }));
  return {
    text: words.map(({ word }) => word).join(' '),
    colored: words.map(({ fill, word }) => `${fill} ${word}`).join(' '),
  };
}

/** The answer to a prompt on the first screen that shows it whole: from the prompt to the summary. */
function answerRows(svg: string, prompt: string, summary: string): string[] {
  for (const screen of readScreens(svg)) {
    const from = screen.findIndex(({ text }) => text === prompt);
    const to = screen.findIndex(({ text }, index) => index > from && text.startsWith(summary));
    if (from >= 0 && to >= 0) return screen.slice(from, to + 1).map(({ colored }) => colored);
  }
  return [];
}

/** When one of these fails because the program draws otherwise now: `npm run pictures`, and look at them. */
describe('pictures of the documents', () => {
  it(
    'are those that the program draws',
    async () => {
      await run(process.execPath, ['docs/draw-pictures.mjs', folder, 'overlay.png', 'sheet.webp']);
      for (const name of ['overlay.png', 'sheet.webp']) {
        const [drawn, kept] = [await decodeImage(join(folder, name)), await decodeImage(join('docs', name))];
        expect([drawn.width, drawn.height]).toEqual([kept.width, kept.height]);
        expect(difference(drawn, kept)).toBeLessThan(MAX_DIFFERENCE);
      }
    },
    TIMEOUT_MS,
  );

  it.skipIf(!hasChromium)(
    'show the page as it is',
    async () => {
      await run(process.execPath, ['docs/draw-pictures.mjs', folder, 'page.png']);
      const drawn = await decodeImage(join(folder, 'page.png'));
      const kept = await decodeImage('docs/page.png');
      expect([drawn.width, drawn.height]).toEqual([kept.width, kept.height]);
      expect(difference(drawn, kept)).toBeLessThan(MAX_PAGE_DIFFERENCE);
    },
    TIMEOUT_MS,
  );

  it.skipIf(process.platform === 'win32')(
    'show the session as it is',
    async () => {
      const path = join(folder, 'repl.svg');
      await run(process.execPath, ['docs/record-repl.mjs', path, '--first']);
      const answerIn = (svg: string): string[] => answerRows(svg, '› segment cow ; tractor', '0 objects ·');
      const drawn = answerIn(readFileSync(path, 'utf8'));
      expect(drawn).toHaveLength(4);
      expect(answerIn(readFileSync('docs/repl.svg', 'utf8'))).toEqual(drawn);
    },
    TIMEOUT_MS,
  );
});
