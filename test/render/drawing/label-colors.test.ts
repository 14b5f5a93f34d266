import { describe, expect, it } from 'vitest';
import { assignLabelColors } from '../../../src/render/drawing/label-colors.js';

const COLORS = 16;

describe('assignLabelColors', () => {
  it('gives a label the same colour whatever it comes with, and however it is written', () => {
    const alone = assignLabelColors(['cow']).get('cow');
    const labels = ['tractor', 'sheep', 'tree', 'chicken', 'cow'];
    expect(assignLabelColors(labels).get('cow')).toEqual(alone);
    expect(assignLabelColors(labels.reverse()).get('cow')).toEqual(alone);
    expect(assignLabelColors(['  COW ']).get('  COW ')).toEqual(alone);
  });

  // They are kept in files and in people's heads: a change of these is a change that users see.
  it('gives these names these colours', () => {
    const names = ['cow', 'tractor', 'person', 'car', 'dog', 'cat', ''];
    const colors = assignLabelColors(names);
    expect(names.map((name) => [name, colors.get(name)!.color.join(' ')])).toEqual([
      ['cow', '255 80 170'],
      ['tractor', '60 215 250'],
      ['person', '255 130 90'],
      ['car', '155 85 10'],
      ['dog', '245 190 15'],
      ['cat', '95 80 235'],
      ['', '130 150 235'],
    ]);
  });

  it('gives sixteen labels sixteen colours, and then repeats', () => {
    const labels = Array.from({ length: COLORS }, (_, i) => `thing ${i}`);
    const colors = assignLabelColors([...labels, ...labels]);
    expect(colors.size).toBe(COLORS);
    expect(new Set(Array.from(colors.values(), ({ color }) => color.join())).size).toBe(COLORS);
    const more = assignLabelColors([...labels, 'one more']);
    expect(Array.from(colors.values())).toContainEqual(more.get('one more'));
    for (const label of labels) expect(more.get(label)).toEqual(colors.get(label));
  });

  it('leaves a colour to the label that came first, and gives one colour to two spellings', () => {
    const taken = new Map<string, string>();
    let pair: [string, string] | undefined;
    for (let i = 0; pair === undefined; i++) {
      const name = `thing ${i}`;
      const color = assignLabelColors([name]).get(name)!.color.join();
      if (taken.has(color)) pair = [taken.get(color)!, name];
      taken.set(color, name);
    }
    const [first, second] = pair;
    const colors = assignLabelColors([first, second, second.toUpperCase()]);
    expect(colors.get(first)).toEqual(assignLabelColors([first]).get(first));
    expect(colors.get(second)).not.toEqual(colors.get(first));
    expect(colors.get(second.toUpperCase())).toEqual(colors.get(second));
  });

  it('writes on each colour with a contrast of 4.5 or more', () => {
    const lightness = (color: readonly number[]): number => {
      const [red, green, blue] = color.map((value) =>
        value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4,
      );
      return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    };
    const all = assignLabelColors(Array.from({ length: COLORS }, (_, i) => String(i)));
    for (const { color, textColor } of all.values()) {
      const [dark, light] = [lightness(color), lightness(textColor)].sort((a, b) => a - b);
      expect((light + 0.05) / (dark + 0.05)).toBeGreaterThanOrEqual(4.5);
    }
  });
});
