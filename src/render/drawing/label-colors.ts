import type { Color } from '../../image/draw/render-text.js';

/** A label's colour, and the one (black or white) that can be read on it. */
export interface LabelColor {
  readonly color: Color;
  readonly textColor: Color;
}

/**
 * Sixteen colours, clear on dark and on light, as far apart in OKLab as a search could push them: no two are nearer
 * than 0.146 (with lightness counted at 0.6).
 */
const palette: readonly Color[] = [
  [225, 10, 45],
  [255, 130, 90],
  [155, 85, 10],
  [245, 190, 15],
  [155, 150, 5],
  [0, 120, 10],
  [5, 230, 105],
  [25, 160, 140],
  [60, 215, 250],
  [0, 110, 160],
  [130, 150, 235],
  [95, 80, 235],
  [200, 100, 255],
  [150, 80, 140],
  [255, 80, 170],
  [255, 175, 230],
];

/** Steps that visit the whole palette: they share no divisor with its length. */
const STEPS = [1, 3, 5, 7, 9, 11, 13, 15];

/** A start of the hash at which the demo's pictures and common things of streets and rooms each get their first choice. */
const HASH_START = 3_714_456;

/**
 * A colour for each different label. It comes from the label's name, so that a class looks the same in every picture,
 * run and place; case and spaces do not matter. Where two would get the same, the later one takes its next choice:
 * list those that were asked for first, in the order in which they were asked for. From the seventeenth on, colours
 * repeat.
 */
export function assignLabelColors(labels: Iterable<string>): Map<string, LabelColor> {
  const colors = new Map<string, LabelColor>();
  const taken = new Map<number, string>();
  for (const label of labels) {
    if (colors.has(label)) continue;
    const name = label.replace(/\s+/g, ' ').trim().toLowerCase();
    const choices = rankColors(name);
    const index = choices.find((choice) => (taken.get(choice) ?? name) === name) ?? choices[0];
    taken.set(index, name);
    const color = palette[index];
    colors.set(label, { color, textColor: readableOn(color) });
  }
  return colors;
}

/** The places of the palette in a name's own order of preference. */
function rankColors(name: string): number[] {
  const hash = hashName(name);
  const step = STEPS[Math.floor(hash / palette.length) % STEPS.length];
  return palette.map((_, nth) => (hash + nth * step) % palette.length);
}

/** FNV-1a with the last mixing of MurmurHash3: 32 bits. */
function hashName(name: string): number {
  let hash = HASH_START;
  for (let i = 0; i < name.length; i++) hash = Math.imul(hash ^ name.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** Black or white, whichever has more contrast: the lightness at which both are equal is 0.179 (WCAG 2). */
function readableOn(color: Color): Color {
  const [red, green, blue] = color.map((value) => {
    const part = value / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.179 ? [0, 0, 0] : [255, 255, 255];
}
