import { describe, expect, it } from 'vitest';
import type { RgbImage } from '../../../src/base/image.js';
import { encodeTerminalPicture } from '../../../src/render/terminal-picture/encode-terminal-picture.js';
import { gradient } from '../../support/terminal/pictures.js';

const draw = (image: RgbImage): Promise<string> =>
  encodeTerminalPicture(image, { protocol: 'ascii', isInTmux: false }, { columns: 40, rows: 30 });

describe('characters', () => {
  it('say how light each place is, without an escape sequence', async () => {
    const data = new Uint8Array(10 * 2 * 3);
    for (let x = 0; x < 10; x++)
      for (const y of [0, 1]) data.fill(Math.round((x / 9) * 255), (y * 10 + x) * 3, (y * 10 + x + 1) * 3);
    expect(await draw({ width: 10, height: 2, data })).toBe(' .:-=+*#%@\n');
  });

  it('keep to the space', async () => {
    const lines = (await draw(gradient(1000, 400))).split('\n');
    expect(lines).toHaveLength(8 + 1);
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(40);
  });
});
