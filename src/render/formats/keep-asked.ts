import type { Detection } from '../../base/detection.js';
import type { TaskResult } from '../../base/task-result.js';

/** A result without the objects nobody asked for, and those objects. */
export interface AskedObjects {
  readonly result: TaskResult;
  readonly leftOut: readonly Detection[];
}

/**
 * Leave out objects whose label was not asked for, so that a data set has no classes nobody chose. Case and whitespace
 * are ignored; labels are spelled the way they were asked for. If only one thing was asked for, an object without a
 * label is taken to be that thing. If nothing was named, as after a free prompt, all objects are kept.
 */
export function keepAsked(result: TaskResult, things: readonly string[]): AskedObjects {
  const { detections, frame } = result;
  if (detections === undefined || things.length === 0) return { result, leftOut: [] };
  const named = new Map(things.map((thing) => [toKey(thing), thing]));
  const kept = detections.flatMap((detection, index) => {
    const label =
      detection.label === '' && things.length === 1 ? things[0] : named.get(toKey(detection.label));
    return label === undefined ? [] : [{ detection: { ...detection, label }, index }];
  });
  const trackIds = frame?.trackIds && kept.map(({ index }) => frame.trackIds![index]);
  return {
    result: {
      ...result,
      detections: kept.map(({ detection }) => detection),
      ...(frame && { frame: { ...frame, ...(trackIds && { trackIds }) } }),
    },
    leftOut: detections.filter((_, index) => !kept.some((one) => one.index === index)),
  };
}

function toKey(label: string): string {
  return label.replace(/\s+/g, ' ').trim().toLowerCase();
}
