import { referringOverlap } from '../../metrics/objects/referring-overlap.js';
import { meanOf } from '../../metrics/statistics/bootstrap.js';
import type { Answered } from '../answered.js';
import type { ReferredTruth } from '../example.js';
import type { Scoring } from './scoring.js';
import { toPixels } from './to-picture-objects.js';

/** RefCOCO: the first object of each answer. @param answered all with a referred object as truth. */
export function scoreReferring(answered: readonly Answered[]): Scoring {
  const overlaps = answered.map(({ example, answer }) => {
    const { object, isRelative } = example.truth as ReferredTruth;
    return referringOverlap(answer.objects[0], toPixels(object, answer.size, isRelative === true));
  });
  const scores = overlaps.map(({ maskIou }) => maskIou);
  const boxes = (least: number): number | undefined =>
    meanOf(overlaps.map(({ boxIou }) => Number(boxIou >= least)))();
  return {
    statistic: meanOf(scores),
    size: scores.length,
    scores,
    parts: [
      { title: 'boxes right at .5', value: boxes(0.5) },
      { title: 'boxes right at .75', value: boxes(0.75) },
      {
        title: 'answers without an object',
        value: meanOf(answered.map(({ answer }) => Number(answer.objects.length === 0)))(),
      },
    ],
  };
}
