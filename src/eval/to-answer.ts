import type { TaskResult } from '../base/task-result.js';
import { toMaskRuns } from '../metrics/objects/mask-runs.js';
import type { Answer } from './answered.js';

/** What metrics look at of a result. */
export function toAnswer({ text, detections = [], image }: TaskResult): Answer {
  const objects = detections.map(({ label, box, score, mask }) => ({
    label,
    box,
    score,
    ...(mask && { mask: toMaskRuns(mask) }),
  }));
  return { text: text ?? '', objects, ...(image && { size: image }) };
}
