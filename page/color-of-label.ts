import { assignLabelColors } from '../src/render/drawing/label-colors.js';
import { labelOf, type PageObject } from './result-item.js';

/** Of objects whose label is not known. */
const UNKNOWN = 'rgb(190 190 190)';

/**
 * Gives each label its colour, the same in everything on the page and in files.
 *
 * @param asked labels that choose their colours first, as in files: those that were asked for.
 */
export function createLabelColors(asked: Iterable<string> = []): (object: PageObject) => string {
  const labels = new Set(asked);
  let colors = new Map<string, string>();
  return (object) => {
    // Still being decoded.
    if (object.label === undefined) return UNKNOWN;
    const label = labelOf(object);
    if (!colors.has(label)) {
      labels.add(label);
      const assigned = [...assignLabelColors(labels)];
      colors = new Map(assigned.map(([name, { color }]) => [name, `rgb(${color.join(' ')})`]));
    }
    return colors.get(label)!;
  };
}
