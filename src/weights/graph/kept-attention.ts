import { outputNewRows } from './cpu-attention.js';
import {
  addGroupedQuery,
  addKeyRows,
  addRotary,
  addScores,
  addUngrouped,
  type AttentionContext,
  takeKept,
} from './decoder-attention.js';
import type { StoredLinear } from './store-linear.js';

/** What the attention of a last layer reads, where not every position has a query. */
export interface KeptAttentionInputs {
  readonly query: StoredLinear;
  /** Key and value rows one below the other. */
  readonly keyValue: StoredLinear;
}

/**
 * Attention of the last layer over a whole prefix, for its wanted positions alone: nobody reads what the others would
 * see, so they need no query. Adds the outputs `new.N.k` and `new.N.v`.
 *
 * @param normed [b, s, width].
 * @returns attended [b, k, heads * headDim] of the k wanted positions, each of which sees every position.
 */
export function addKeptAttention(
  context: AttentionContext,
  layer: number,
  normed: string,
  inputs: KeptAttentionInputs,
): string {
  const { graph, text, linears, positions } = context;
  const { heads, keyValueHeads, headDim } = text;
  const width = keyValueHeads * headDim;
  const [key, value] = graph.nodes(
    'Split',
    [linears.add(normed, inputs.keyValue), graph.ints([width, width])],
    { axis: -1 },
    { outputs: 2 },
  );
  const keys = addKeyRows(text, graph, addRotary(context, graph, key, positions, keyValueHeads));
  const values = addKeyRows(text, graph, value);
  outputNewRows(context, layer, keys, values);

  const query = linears.add(takeKept(context, normed), inputs.query);
  const rotated = addRotary(context, graph, query, takeKept(context, positions), heads);
  const scores = addScores(context, graph, addGroupedQuery(text, graph, rotated), keys);
  const shares = graph.node('Softmax', [scores], { axis: -1 });
  return addUngrouped(text, graph, graph.node('MatMul', [shares, values]));
}
