/**
 * RGBA pixels, alpha not multiplied in, as RGB on white; divisions by 255 round to nearest.
 * @param rgb filled and returned; a new array when absent.
 */
export function flattenAlpha(
  rgba: Uint8Array,
  rgb: Uint8Array = new Uint8Array((rgba.length / 4) * 3),
): Uint8Array {
  for (let from = 0, to = 0; from < rgba.length; from += 4, to += 3) {
    const alpha = rgba[from + 3];
    for (let channel = 0; channel < 3; channel++) {
      rgb[to + channel] = Math.round((rgba[from + channel] * alpha + 255 * (255 - alpha)) / 255);
    }
  }
  return rgb;
}
