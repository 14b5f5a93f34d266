import {
  addGroupedQuery,
  addKeyRows,
  addRotatedInputs,
  addScores,
  addUngrouped,
  type AttentionContext,
  isSlidingLayer,
} from './decoder-attention.js';
import type { Dimension, GraphBuilder } from './graph-builder.js';

/** The cache of earlier positions as graph inputs, by layer, and the masks that say which slots count. */
export interface PastInputs {
  readonly keys: readonly string[];
  readonly values: readonly string[];
  /** [b, 1, q, m], 0 or a large negative number; float32, or float16 already cast. */
  readonly mask: string;
  /** The same for the layers with a window. */
  readonly slidingMask: string;
  /** [1, 1, q, s]: which of the run's own positions see which. */
  readonly newMask: string;
}

/**
 * Declare `past.N.k`, `past.N.v` [b, keyValueHeads, m, headDim], `past_mask` float32 [b, 1, q, m], for models with a
 * window `sliding_mask` too, and `new_mask` float32 [1, 1, q, s]. q is 1 where all positions of the run see the same,
 * else heads / keyValueHeads * s, the positions of one head after those of the other.
 */
export function declareTwoPartInputs(context: AttentionContext): PastInputs {
  const { graph, text } = context;
  const type = context.isHalf ? 'float16' : 'float32';
  const dims = ['b', text.keyValueHeads, 'm', text.headDim];
  const layers = Array.from({ length: text.layers }, (_, layer) => layer);
  const declareMask = (name: string, dims: readonly Dimension[] = ['b', 1, 'q', 'm']): string => {
    const mask = graph.input(name, 'float32', dims);
    return context.isHalf ? context.linears.toHalf(mask) : mask;
  };
  const mask = declareMask('past_mask');
  return {
    keys: layers.map((layer) => graph.input(`past.${layer}.k`, type, dims)),
    values: layers.map((layer) => graph.input(`past.${layer}.v`, type, dims)),
    mask,
    slidingMask: text.slidingWindow === undefined ? mask : declareMask('sliding_mask', ['b', 1, 'w', 'm']),
    newMask: declareMask('new_mask', [1, 1, 'n', 's']),
  };
}

/**
 * Attention over the cache and over the positions of this run, as far as they see each other, without joining
 * their keys: scores of both parts side by side, one softmax, two products. Only the new rows leave the
 * graph, so the caller's cache is never copied.
 *
 * @param graph where the nodes go: the main graph, or a branch.
 * @returns attended [b, s, heads * headDim]; new keys and values [b, keyValueHeads, s, headDim].
 */
export function addTwoPartAttention(
  context: AttentionContext,
  graph: GraphBuilder,
  past: PastInputs,
  layer: number,
  qkv: string,
): { attended: string; newKeys: string; newValues: string } {
  const { text } = context;
  const { query, key, value } = addRotatedInputs(context, graph, qkv);
  const newKeys = addKeyRows(text, graph, key);
  const newValues = addKeyRows(text, graph, value);
  const grouped = addGroupedQuery(text, graph, query);
  const pastKeys = past.keys[layer];
  const pastMask = isSlidingLayer(text, layer) ? past.slidingMask : past.mask;

  const pastScores = graph.node('Add', [addScores(context, graph, grouped, pastKeys), pastMask]);
  const newScores = graph.node('Add', [addScores(context, graph, grouped, newKeys), past.newMask]);
  const scores = graph.node('Concat', [pastScores, newScores], { axis: 3 });
  const shares = graph.node('Softmax', [scores], { axis: -1 });
  const lengthOf = (x: string): string => graph.node('Shape', [x], { start: 2, end: 3 });
  const lengths = graph.node('Concat', [lengthOf(pastKeys), lengthOf(newKeys)], { axis: 0 });
  const [pastShares, newShares] = graph.nodes('Split', [shares, lengths], { axis: 3 }, { outputs: 2 });
  const mixed = graph.node('Add', [
    graph.node('MatMul', [pastShares, past.values[layer]]),
    graph.node('MatMul', [newShares, newValues]),
  ]);
  return { attended: addUngrouped(text, graph, mixed), newKeys, newValues };
}
