import { describe, expect, it } from 'vitest';
import { assignLabelColors } from '../../../src/render/drawing/label-colors.js';

describe('assignLabelColors', () => {
  it('gives equal labels one colour and twelve labels twelve', () => {
    const labels = Array.from({ length: 12 }, (_, i) => `thing ${i}`);
    const colors = assignLabelColors([...labels, ...labels]);
    expect(colors.size).toBe(12);
    expect(new Set(Array.from(colors.values(), ({ color }) => color.join())).size).toBe(12);
    expect(assignLabelColors([...labels, 'thirteenth']).get('thirteenth')).toEqual(colors.get('thing 0'));
  });

  it('writes on each colour with a contrast of 4.5 or more', () => {
    const lightness = (color: readonly number[]): number => {
      const [red, green, blue] = color.map((value) =>
        value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4,
      );
      return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    };
    for (const { color, textColor } of assignLabelColors('abcdefghijkl').values()) {
      const [dark, light] = [lightness(color), lightness(textColor)].sort((a, b) => a - b);
      expect((light + 0.05) / (dark + 0.05)).toBeGreaterThanOrEqual(4.5);
    }
  });
});
