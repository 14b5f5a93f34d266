import type { RgbImage } from '../../../src/base/image.js';

/** Draw as a terminal does; pixels that nothing sets would stay magenta. Fails on what sixel does not know. */
export function decodeSixel(text: string): RgbImage & { colors: number } {
  // eslint-disable-next-line no-control-regex
  const [, width, height, body] = /^\u001bP0;1q"1;1;(\d+);(\d+)([^\u001b]*)\u001b\\$/.exec(text)!;
  const size = { width: Number(width), height: Number(height) };
  const data = new Uint8Array(size.width * size.height * 3);
  for (let i = 0; i < data.length; i += 3) data.set([255, 0, 255], i);
  const registers = new Map<number, number[]>();
  let [x, y, color] = [0, 0, 0];
  const parts = /#(\d+);2;(\d+);(\d+);(\d+)|#(\d+)|!(\d+)([?-~])|([?-~])|([$-])/y;
  for (parts.lastIndex = 0; parts.lastIndex < body.length;) {
    const found = parts.exec(body);
    if (found === null) throw new Error('This is not sixel.');
    const [, register, red, green, blue, select, count, repeated, one, move] = found;
    if (register !== undefined) {
      registers.set(
        Number(register),
        [red, green, blue].map((value) => Math.round(Number(value) * 2.55)),
      );
    } else if (select !== undefined) color = Number(select);
    else if (move === '$') x = 0;
    else if (move === '-') [x, y] = [0, y + 6];
    else {
      const bits = (repeated ?? one).charCodeAt(0) - 63;
      for (let left = Number(count ?? 1); left > 0; left--, x++) {
        for (let row = 0; row < 6; row++) {
          if (((bits >> row) & 1) === 0) continue;
          if (x >= size.width || y + row >= size.height) throw new Error('A pixel lies outside.');
          data.set(registers.get(color)!, ((y + row) * size.width + x) * 3);
        }
      }
    }
  }
  return { ...size, data, colors: registers.size };
}
