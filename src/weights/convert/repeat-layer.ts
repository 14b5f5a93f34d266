import type { StoredWeight } from '../graph/weight-file.js';

/** Anything made of stored weights. */
type Stored =
  StoredWeight | readonly Stored[] | { readonly [key: string]: Stored | string | number | boolean };

/**
 * A layer with the weights of one that is stored already, by names of its own: a graph loads them once more, from the
 * same bytes.
 */
export function repeatLayer<T>(layer: T, name: string): T {
  return repeat(layer as Stored, name) as T;
}

function repeat(value: Stored | string | number | boolean, name: string): unknown {
  if (typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map((item: Stored) => repeat(item, name));
  if (isWeight(value)) return { ...value, name: `${value.name}.${name}` };
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, repeat(item, name)]));
}

function isWeight(value: object): value is StoredWeight {
  return 'offsetBytes' in value;
}
