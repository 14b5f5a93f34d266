import type { Color } from '../../image/draw/render-text.js';

/** A label's colour, and the one (black or white) that can be read on it. */
export interface LabelColor {
  readonly color: Color;
  readonly textColor: Color;
}

/** Twelve colours far apart, the most distinct first; each differs in lightness from its neighbours. */
const palette: readonly Color[] = [
  [230, 25, 75],
  [0, 130, 230],
  [255, 213, 0],
  [40, 160, 60],
  [200, 60, 230],
  [66, 212, 244],
  [245, 130, 48],
  [90, 60, 190],
  [180, 230, 60],
  [250, 170, 200],
  [0, 128, 128],
  [140, 85, 35],
];

/** A colour for each different label, in order of appearance; from the thirteenth on they repeat. */
export function assignLabelColors(labels: Iterable<string>): Map<string, LabelColor> {
  const colors = new Map<string, LabelColor>();
  for (const label of labels) {
    if (colors.has(label)) continue;
    const color = palette[colors.size % palette.length];
    colors.set(label, { color, textColor: readableOn(color) });
  }
  return colors;
}

/** Black or white, whichever has more contrast: the lightness at which both are equal is 0.179 (WCAG 2). */
function readableOn(color: Color): Color {
  const [red, green, blue] = color.map((value) => {
    const part = value / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.179 ? [0, 0, 0] : [255, 255, 255];
}
