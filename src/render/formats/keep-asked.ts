import type { Detection } from '../../base/detection.js';
import type { TaskResult } from '../../base/task-result.js';
import { listSingulars } from './list-singulars.js';

/** A result without the objects nobody asked for, and those objects. */
export interface AskedObjects {
  readonly result: TaskResult;
  readonly leftOut: readonly Detection[];
}

/**
 * Leave out objects whose label was not asked for, so that a data set has no classes nobody chose. Case and whitespace
 * are ignored, and so are an article and a plural that nobody asked for, as in "a cow" and "cows" for `cow`; labels are
 * spelled the way they were asked for. If only one thing was asked for, an object without a
 * label is taken to be that thing. If nothing was named, as after a free prompt, all objects are kept.
 */
export function keepAsked(result: TaskResult, things: readonly string[]): AskedObjects {
  const { detections, frame } = result;
  if (detections === undefined || things.length === 0) return { result, leftOut: [] };
  const find = createClassFinder(things);
  const kept = detections.flatMap((detection, index) => {
    const label = detection.label === '' && things.length === 1 ? things[0] : find(detection.label);
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

/** Finds the thing that a label means; undefined for none. */
function createClassFinder(things: readonly string[]): (label: string) => string | undefined {
  const named = new Map(things.map((thing) => [toKey(thing), thing]));
  const forms = [...named].map(([key, thing]) => ({ thing, singulars: listSingulars(key) }));
  return (label) => {
    const key = toKey(label);
    const singulars = listSingulars(key);
    const meant = forms.filter((form) => singulars.some((one) => form.singulars.includes(one)));
    // `glass ; glasses` are told apart by their spelling alone.
    return named.get(key) ?? (meant.length === 1 ? meant[0].thing : undefined);
  };
}

function toKey(label: string): string {
  return label.replace(/\s+/g, ' ').trim().toLowerCase();
}
