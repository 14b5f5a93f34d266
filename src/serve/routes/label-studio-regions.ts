import { randomBytes } from 'node:crypto';
import type { Detection } from '../../base/detection.js';
import type { Size } from '../../base/geometry.js';
import type { TaskResult } from '../../base/task-result.js';
import { encodeBrushRle } from '../../render/formats/brush-rle.js';
import type { LabelControl } from '../label-config.js';

/** What Label Studio shows for a result: one region for each object, or the text. */
export function toRegions(result: TaskResult, control: LabelControl): Record<string, unknown>[] {
  const { kind, fromName, toName, things } = control;
  const head = { from_name: fromName, to_name: toName, type: kind };
  if (kind === 'textarea') {
    return [{ ...head, id: newId(), value: { text: [result.text ?? ''] } }];
  }
  const { width, height } = result.image!;
  return (result.detections ?? []).flatMap((detection) => {
    const label = things.get(detection.label);
    const value = label === undefined ? undefined : toValue(detection, label, control, { width, height });
    if (value === undefined) return [];
    const size = { original_width: width, original_height: height, image_rotation: 0 };
    return [{ ...head, ...size, id: newId(), value, score: detection.score }];
  });
}

function toValue(
  { box, mask }: Detection,
  label: string,
  { kind }: LabelControl,
  { width, height }: Size,
): Record<string, unknown> | undefined {
  if (kind === 'brushlabels') {
    return mask && { format: 'rle', rle: encodeBrushRle(mask), brushlabels: [label] };
  }
  // Percentages of the picture's size.
  return {
    x: (box.x0 / width) * 100,
    y: (box.y0 / height) * 100,
    width: ((box.x1 - box.x0) / width) * 100,
    height: ((box.y1 - box.y0) / height) * 100,
    rotation: 0,
    rectanglelabels: [label],
  };
}

function newId(): string {
  return randomBytes(5).toString('hex');
}
