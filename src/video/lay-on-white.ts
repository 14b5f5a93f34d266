/** RGBA pixels, alpha not multiplied in, as RGB on white; divisions by 255 round to nearest. */
export function layOnWhite(rgba: Uint8Array): Uint8Array {
  const rgb = new Uint8Array((rgba.length / 4) * 3);
  for (let from = 0, to = 0; from < rgba.length; from += 4, to += 3) {
    const alpha = rgba[from + 3];
    for (let channel = 0; channel < 3; channel++) {
      rgb[to + channel] = Math.round((rgba[from + channel] * alpha + 255 * (255 - alpha)) / 255);
    }
  }
  return rgb;
}
