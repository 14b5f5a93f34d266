// npm run bench -- sixel [PICTURE]: a picture that fills the window, from its pixels to the bytes for the terminal, by
// window and number of colours; the ratio is to the PNG of the same pixels, which other terminals get.
import { decodeImage } from '../../src/image/decode/decode-image.js';
import { encodeImage } from '../../src/image/draw/encode-image.js';
import { resizeBicubic } from '../../src/image/resize/resize-bicubic.js';
import { encodeSixel } from '../../src/render/terminal-picture/encode-sixel.js';
import { DEFAULT_CELL_PIXELS } from '../../src/render/terminal-picture/fit-picture.js';
import { median } from './median.js';

const RUNS = 9;
const windows = [
  { columns: 80, rows: 24 },
  { columns: 200, rows: 60 },
];
/** Of a frame that moves, and of a picture that stays. */
const colorCounts = [64, 256];

export async function bench([path = 'fixtures/gallery/sea.png']: readonly string[] = []): Promise<void> {
  const image = await decodeImage(path);
  process.stdout.write(`${path}, ${RUNS} runs in turns, medians\n`);
  process.stdout.write('window   pixels       colors  sixel kB  sixel ms    PNG ms   ratio\n');
  for (const { columns, rows } of windows) {
    const [width, height] = [columns * DEFAULT_CELL_PIXELS.width, rows * DEFAULT_CELL_PIXELS.height];
    const scale = Math.min(width / image.width, height / image.height);
    const pixels = resizeBicubic(image, Math.round(image.width * scale), Math.round(image.height * scale));
    for (const colors of colorCounts) {
      const [sixelMs, pngMs]: [number[], number[]] = [[], []];
      let bytes = 0;
      for (let run = 0; run < RUNS; run++) {
        sixelMs.push(await time(() => (bytes = encodeSixel(pixels, colors).length)));
        pngMs.push(await time(() => encodeImage(pixels, 'png')));
      }
      const [sixel, png] = [median(sixelMs), median(pngMs)];
      process.stdout.write(
        `${`${columns}x${rows}`.padEnd(8)} ${`${pixels.width} x ${pixels.height}`.padEnd(12)} ` +
          `${String(colors).padStart(6)} ${(bytes / 1000).toFixed(0).padStart(9)} ` +
          `${sixel.toFixed(1).padStart(9)} ${png.toFixed(1).padStart(9)} ${(sixel / png).toFixed(2).padStart(7)}\n`,
      );
    }
  }
}

async function time(work: () => unknown): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}
