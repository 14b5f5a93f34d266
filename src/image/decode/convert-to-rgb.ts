/** What the decoded channels mean; `rgb` and `gray` may be followed by an alpha channel. */
export type ChannelKind = 'gray' | 'rgb' | 'cmyk';

/**
 * Turn interleaved 8-bit channels into interleaved RGB, by the rules of Pillow, so that the model gets the very
 * pixels that the reference gets.
 *
 * Gray is repeated. Alpha is flattened onto white. CMYK (255 is full ink) is (255 - c)(255 - k) / 255, without a
 * profile. Divisions by 255 round to nearest.
 *
 * @param channels values per pixel: 1 or 2 for gray, 3 or 4 for rgb, 4 or more for cmyk.
 */
export function convertToRgb(data: Uint8Array, channels: number, kind: ChannelKind): Uint8Array {
  if (kind === 'rgb' && channels === 3) return data;
  const pixels = Math.floor(data.length / channels);
  const rgb = new Uint8Array(pixels * 3);
  // Offsets of green and blue from red, and of alpha or black from the pixel's start.
  const step = kind === 'gray' ? 0 : 1;
  const last = kind === 'cmyk' ? 3 : channels - 1;
  const hasAlpha = kind !== 'cmyk' && (channels === 2 || channels === 4);
  for (let i = 0, from = 0, to = 0; i < pixels; i++, from += channels, to += 3) {
    for (let channel = 0; channel < 3; channel++) {
      const value = data[from + channel * step];
      if (kind === 'cmyk') rgb[to + channel] = divideBy255((255 - value) * (255 - data[from + last]));
      else if (hasAlpha) {
        const alpha = data[from + last];
        rgb[to + channel] = divideBy255(value * alpha + 255 * (255 - alpha));
      } else rgb[to + channel] = value;
    }
  }
  return rgb;
}

/** round(product / 255) for 0..65025, in integers. */
function divideBy255(product: number): number {
  const biased = product + 128;
  return (biased + (biased >> 8)) >> 8;
}
