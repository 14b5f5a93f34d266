import type { StoredWeight } from '../graph/weight-file.js';

/** Anything made of stored weights. */
type Stored =
  StoredWeight | readonly Stored[] | { readonly [key: string]: Stored | string | number | boolean };

/**
 * onnxruntime keeps matrices with the same content once, so each layer's begin some pages further on in the file: what
 * lies there is of the same kind.
 */
const PAGE_BYTES = 4096;
/** Smaller ones may be followed by less than that, and count for little. */
const LEAST_SHIFTED_BYTES = 2 ** 20;

/**
 * A layer with the weights of one that is stored already, as far as matters for a measurement: a graph loads them once
 * more, from nearly the same place.
 * @param index of the layer.
 */
export function repeatLayer<T>(layer: T, index: number): T {
  return repeat(layer as Stored, index) as T;
}

function repeat(value: Stored | string | number | boolean, index: number): unknown {
  if (typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map((item: Stored) => repeat(item, index));
  if (isWeight(value)) {
    const shift = value.sizeBytes < LEAST_SHIFTED_BYTES ? 0 : index * PAGE_BYTES;
    return { ...value, name: `${value.name}.${index}`, offsetBytes: value.offsetBytes + shift };
  }
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, repeat(item, index)]));
}

function isWeight(value: object): value is StoredWeight {
  return 'offsetBytes' in value;
}
