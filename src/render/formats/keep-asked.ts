import type { Detection } from '../../base/detection.js';
import type { TaskResult } from '../../base/task-result.js';

/** A result without objects that nobody asked for, and those objects. */
export interface AskedObjects {
  readonly result: TaskResult;
  readonly leftOut: readonly Detection[];
}

/**
 * Leave out objects whose label is none of the things asked for, so that a data set has no classes that nobody chose.
 * Case and blanks do not matter; labels become as they were asked for. An object without a label is the thing, where
 * one alone was asked for. Without things, as after a free prompt, all are kept.
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
