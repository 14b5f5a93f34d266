import type { TaskResult } from '../base/task-result.js';
import { toResultObject } from '../render/formats/result-object.js';
import type { Example, LabelledObject, Truth } from './example.js';

/**
 * A result as a line of JSON, with its example and the truth beside. Scores and boxes are not rounded: findings are
 * sorted by them, and a run that goes on must come to the same number as one that was never stopped.
 */
export function toAnswerRow(result: TaskResult, { id, truth }: Example): string {
  const fields = toResultObject(result);
  const detections = result.detections?.map(({ score, box }, i) => {
    const rounded = (fields['detections'] as readonly object[])[i];
    return { ...rounded, score, box };
  });
  const row = { ...fields, ...(detections && { detections }), example: id, truth: toTruthObject(truth) };
  return `${JSON.stringify(row)}\n`;
}

function toTruthObject(truth: Truth): unknown {
  if (truth.kind === 'text') return { answers: truth.answers };
  const objects = truth.kind === 'objects' ? truth.objects : [truth.object];
  const shares = truth.isRelative === true ? { isRelative: true } : {};
  return { objects: objects.map(toLabelledObject), ...shares };
}

/** Masks stay in the data set. */
function toLabelledObject({ label, box, isCrowd }: LabelledObject): unknown {
  return { label, box, ...(isCrowd && { crowd: true }) };
}
