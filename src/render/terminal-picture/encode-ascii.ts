import type { RgbImage } from '../../base/image.js';

/** From dark to light, for light letters on a dark background, as in most terminals. */
const RAMP = ' .:-=+*#%@';

/**
 * Draw with characters alone, no colours and no escape sequences: the lighter, the denser.
 *
 * @param image a pixel wide for each column, two high for each row.
 * @returns one line for each row, blanks at the end left out.
 */
export function encodeAscii({ width, height, data }: RgbImage): string {
  /** Rec. 601 luminance, 0..255. */
  const luminance = (x: number, y: number): number => {
    const from = (y * width + x) * 3;
    return 0.299 * data[from] + 0.587 * data[from + 1] + 0.114 * data[from + 2];
  };
  let text = '';
  for (let y = 0; y + 1 < height; y += 2) {
    let line = '';
    for (let x = 0; x < width; x++) {
      const light = (luminance(x, y) + luminance(x, y + 1)) / 2 / 255;
      line += RAMP[Math.round(light * (RAMP.length - 1))];
    }
    text += `${line.trimEnd()}\n`;
  }
  return text;
}
