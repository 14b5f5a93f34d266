import type { Detection } from '../../base/detection.js';
import type { OverlayShape } from '../../image/draw/layout-overlay.js';
import { assignLabelColors } from './label-colors.js';
import type { LabelStyle } from './label-style.js';

/** How objects are drawn. */
export interface DrawingStyle {
  /** When absent, names, with the scores that are not 1.00. */
  readonly labels?: LabelStyle | undefined;
  /** Classes that get their colours before those of the detections: those that were asked for. */
  readonly asked?: readonly string[];
  /** Numbers that stay with the objects, in their order. */
  readonly ids?: readonly (number | undefined)[] | undefined;
}

/** What to draw for these detections: each class in its colour. */
export function toOverlayShapes(
  detections: readonly Detection[],
  { labels, asked = [], ids }: DrawingStyle = {},
): OverlayShape[] {
  const colors = assignLabelColors([...asked, ...detections.map(({ label }) => label)]);
  return detections.map(({ box, mask, label, score }, index) => {
    const name = ids?.[index] === undefined ? label : `${label} #${ids[index]}`;
    return {
      ...{ box, mask, ...colors.get(label)! },
      label: labels === 'none' ? '' : name,
      score: formatScore(score, labels),
      keepsScore: labels === 'score',
    };
  });
}

/** With two decimals; a score of 1.00 says nothing unless it is asked for. */
function formatScore(score: number, labels: LabelStyle | undefined): string | undefined {
  const text = score.toFixed(2);
  if (labels === 'score') return text;
  return labels === undefined && text !== '1.00' ? text : undefined;
}
