import type { Box } from '../base/geometry.js';
import type { BinaryMask, Detection } from '../base/detection.js';

/** The objects of one frame, and its time. */
export interface ObjectMoment {
  readonly timeSeconds: number;
  readonly detections: readonly Detection[];
  /** Track ids of the detections, in their order; absent when they are not tracked. */
  readonly trackIds?: readonly number[] | undefined;
}

/** An object at a time between two frames. */
export interface MovingObject {
  readonly detection: Detection;
  readonly trackId?: number;
}

/**
 * The objects at a time between two frames that were looked at. A tracked object that is in both moves evenly from
 * one box to the other, and its mask with it; one that is in only one of them stands still for the half of the time
 * next to it. Untracked objects stand still until the later frame.
 *
 * @param after the later frame; without one, or with a cut in between (see `cutSeconds`), everything stands still.
 * @param cutSeconds when a new shot begins between the two: from then on the later frame's objects are there.
 */
export function objectsBetween(
  before: ObjectMoment,
  after: ObjectMoment | undefined,
  timeSeconds: number,
  cutSeconds?: number,
): MovingObject[] {
  if (after === undefined || timeSeconds <= before.timeSeconds) return objectsOf(before);
  if (cutSeconds !== undefined) return objectsOf(timeSeconds < cutSeconds ? before : after);
  const { trackIds } = before;
  if (trackIds === undefined || after.trackIds === undefined) return objectsOf(before);
  const part = (timeSeconds - before.timeSeconds) / (after.timeSeconds - before.timeSeconds);
  const later = new Map(after.trackIds.map((id, index) => [id, after.detections[index]]));
  const moving = objectsOf(before).flatMap((object): MovingObject[] => {
    const target = later.get(object.trackId ?? 0);
    if (target === undefined) return part < 0.5 ? [object] : [];
    const box = boxBetween(object.detection.box, target.box, part);
    return [{ ...object, detection: moveDetection(object.detection, box) }];
  });
  const known = new Set(trackIds);
  const coming = objectsOf(after).filter(({ trackId }) => part >= 0.5 && !known.has(trackId ?? 0));
  return [...moving, ...coming];
}

function objectsOf({ detections, trackIds }: ObjectMoment): MovingObject[] {
  return detections.map((detection, index) =>
    trackIds === undefined ? { detection } : { detection, trackId: trackIds[index] },
  );
}

/** The detection with its mask stretched from its own box to another. */
function moveDetection(detection: Detection, box: Box): Detection {
  const { mask } = detection;
  return { ...detection, box, ...(mask && { mask: moveMask(mask, detection.box, box) }) };
}

function moveMask({ width, height, data }: BinaryMask, from: Box, to: Box): BinaryMask {
  const moved = new Uint8Array(width * height);
  const scaleX = (from.x1 - from.x0) / (to.x1 - to.x0);
  const scaleY = (from.y1 - from.y0) / (to.y1 - to.y0);
  for (let y = Math.max(0, Math.floor(to.y0)); y < Math.min(height, to.y1); y++) {
    const fromY = Math.floor(from.y0 + (y + 0.5 - to.y0) * scaleY);
    if (fromY < 0 || fromY >= height) continue;
    for (let x = Math.max(0, Math.floor(to.x0)); x < Math.min(width, to.x1); x++) {
      const fromX = Math.floor(from.x0 + (x + 0.5 - to.x0) * scaleX);
      if (fromX >= 0 && fromX < width) moved[y * width + x] = data[fromY * width + fromX];
    }
  }
  return { width, height, data: moved };
}

function boxBetween(a: Box, b: Box, part: number): Box {
  const mix = (from: number, to: number): number => from + (to - from) * part;
  return { x0: mix(a.x0, b.x0), y0: mix(a.y0, b.y0), x1: mix(a.x1, b.x1), y1: mix(a.y1, b.y1) };
}
