import type { TextSpec } from '../../base/model-spec.js';
import type { LinearAdder } from './add-linear.js';
import { type GraphBuilder, MICROSOFT } from './graph-builder.js';

/** What the attention of every layer shares. */
export interface AttentionContext {
  readonly graph: GraphBuilder;
  readonly text: TextSpec;
  readonly linears: LinearAdder;
  /** int64 [b, s]. */
  readonly positions: string;
  /** int64 [k]: the positions of s that are wanted of the last layer. */
  readonly kept: string;
  /** float32 [MAX_POSITIONS, headDim / 2]. */
  readonly cos: string;
  readonly sin: string;
  /** Queries, keys, values and the cache are float16. */
  readonly isHalf: boolean;
}

/** Gemma 2 limits layers 0, 2, 4 ... to a window, unless its configuration names others. */
export function isSlidingLayer(text: TextSpec, layer: number): boolean {
  if (text.slidingWindow === undefined) return false;
  return text.slidingLayers?.includes(layer) ?? layer % 2 === 0;
}

/** The wanted positions of [b, s, ...] as [b, k, ...]: only keys and values are needed of the others. */
export function takeKept({ graph, kept }: AttentionContext, value: string): string {
  return graph.node('Gather', [value, kept], { axis: 1 });
}

/** Query, key and value of packed [b, s, (heads + 2 * keyValueHeads) * headDim], rotated by position. */
export function addRotatedInputs(
  context: AttentionContext,
  graph: GraphBuilder,
  qkv: string,
): { query: string; key: string; value: string } {
  const { text, positions } = context;
  const { heads, keyValueHeads, headDim } = text;
  const sizes = graph.ints([heads * headDim, keyValueHeads * headDim, keyValueHeads * headDim]);
  const [q, k, value] = graph.nodes('Split', [qkv, sizes], { axis: -1 }, { outputs: 3 });
  const rotate = (x: string, count: number): string => addRotary(context, graph, x, positions, count);
  return { query: rotate(q, heads), key: rotate(k, keyValueHeads), value: value };
}

/** x [b, s, count * headDim], rotated by its positions int64 [b, s]. */
export function addRotary(
  context: AttentionContext,
  graph: GraphBuilder,
  x: string,
  positions: string,
  count: number,
): string {
  const cos = context.isHalf ? context.linears.toHalf(context.cos) : context.cos;
  const sin = context.isHalf ? context.linears.toHalf(context.sin) : context.sin;
  return graph.node('RotaryEmbedding', [x, positions, cos, sin], { num_heads: count }, { domain: MICROSOFT });
}

/** Keys or values [b, s, keyValueHeads * headDim] -> [b, keyValueHeads, s, headDim]. */
export function addKeyRows(text: TextSpec, graph: GraphBuilder, x: string): string {
  const split = graph.node('Reshape', [x, graph.ints([0, 0, text.keyValueHeads, text.headDim])]);
  return graph.node('Transpose', [split], { perm: [0, 2, 1, 3] });
}

/** Scaled, soft-capped scores of grouped queries with keys: [b, keyValueHeads, rows, s]. */
export function addScores(
  context: AttentionContext,
  graph: GraphBuilder,
  query: string,
  keys: string,
): string {
  const { attentionScale, attentionSoftCap } = context.text;
  const scores = graph.node(
    'FusedMatMul',
    [query, keys],
    { transB: 1, alpha: { float: attentionScale } },
    { domain: MICROSOFT },
  );
  return attentionSoftCap === undefined
    ? scores
    : addSoftCap(graph, scores, addScalar(context, attentionSoftCap));
}

/**
 * Query [b, s, heads * headDim] -> [b, keyValueHeads, heads / keyValueHeads * s, headDim]: the heads that share
 * keys become rows, so keys need no repeating.
 */
export function addGroupedQuery(text: TextSpec, graph: GraphBuilder, query: string): string {
  const { heads, keyValueHeads, headDim } = text;
  const split = graph.node('Reshape', [query, graph.ints([0, 0, heads, headDim])]);
  const byHead = graph.node('Transpose', [split], { perm: [0, 2, 1, 3] });
  return graph.node('Reshape', [byHead, graph.ints([0, keyValueHeads, -1, headDim])]);
}

/** The reverse of addGroupedQuery, for the attention's result. */
export function addUngrouped(text: TextSpec, graph: GraphBuilder, grouped: string): string {
  const { heads, headDim } = text;
  const byHead = graph.node('Reshape', [grouped, graph.ints([0, heads, -1, headDim])]);
  const split = graph.node('Transpose', [byHead], { perm: [0, 2, 1, 3] });
  return graph.node('Reshape', [split, graph.ints([0, 0, heads * headDim])]);
}

/** A float32 or float16 constant, as the attention computes. */
export function addScalar(context: AttentionContext, value: number): string {
  const constant = context.graph.floats([value]);
  return context.isHalf ? context.linears.toHalf(constant) : constant;
}

/** Soft-capped scores or logits: cap * tanh(x / cap). `cap` is a scalar of the same element type. */
export function addSoftCap(graph: GraphBuilder, x: string, cap: string): string {
  return graph.node('Mul', [graph.node('Tanh', [graph.node('Div', [x, cap])]), cap]);
}
