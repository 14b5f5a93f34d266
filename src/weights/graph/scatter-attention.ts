import {
  addGroupedQuery,
  addRotatedInputs,
  addScalar,
  addSoftCap,
  addUngrouped,
  type AttentionContext,
  isSlidingLayer,
} from './decoder-attention.js';

/** Inputs of the GPU form. */
export interface ScatterInputs {
  readonly pastKeys: readonly string[];
  readonly pastValues: readonly string[];
  readonly slots: string;
  readonly rows: string;
  readonly mask: string;
  readonly slidingMask: string;
}

/**
 * Declare the fixed cache `past.N.k`, `past.N.v` float32 [r, keyValueHeads, m, headDim]; `slot` int64
 * [b * s * keyValueHeads, 3], where each new key goes: (cache row, head, position), token by token; `rows` int64
 * [b], the cache row of each batch row; `past_mask` float32 [b, 1, q, m], which slots count once the new ones are
 * written; for models with a window `sliding_mask` too. q is 1 where all wanted positions of the run see the same, else
 * heads / keyValueHeads * s, the positions of one head after those of the other, and all are wanted.
 */
export function declareScatterInputs(context: AttentionContext): ScatterInputs {
  const { graph, text } = context;
  const dims = ['r', text.keyValueHeads, 'm', text.headDim];
  const layers = Array.from({ length: text.layers }, (_, layer) => layer);
  const mask = graph.input('past_mask', 'float32', ['b', 1, 'q', 'm']);
  return {
    pastKeys: layers.map((layer) => graph.input(`past.${layer}.k`, 'float32', dims)),
    pastValues: layers.map((layer) => graph.input(`past.${layer}.v`, 'float32', dims)),
    slots: graph.input('slot', 'int64', ['n', 3]),
    rows: graph.input('rows', 'int64', ['b']),
    mask,
    slidingMask:
      text.slidingWindow === undefined ? mask : graph.input('sliding_mask', 'float32', ['b', 1, 'w', 'm']),
  };
}

/**
 * Attention of one layer in plain operators over a cache that stays on the GPU. ScatterND writes the new keys
 * and values in place (`present.N.k`, `present.N.v`); the batch's rows are gathered from it, so sequences of
 * different length and age share a run.
 */
export function addScatterAttention(
  context: AttentionContext,
  inputs: ScatterInputs,
  layer: number,
  qkv: string,
  isLast: boolean,
): string {
  const { graph, text } = context;
  const { query, key, value } = addRotatedInputs(context, graph, qkv);
  const update = (past: string, rows: string, name: string): string => {
    const flat = graph.node('Reshape', [rows, graph.ints([-1, text.headDim])]);
    graph.node('ScatterND', [past, inputs.slots, flat], {}, { outputs: [name] });
    graph.output(name, 'float32', ['r', text.keyValueHeads, 'm', text.headDim], name);
    return graph.node('Gather', [name, inputs.rows], { axis: 0 });
  };
  const keys = update(inputs.pastKeys[layer], key, `present.${layer}.k`);
  const values = update(inputs.pastValues[layer], value, `present.${layer}.v`);

  const needed = isLast ? graph.node('Gather', [query, context.kept], { axis: 1 }) : query;
  const grouped = graph.node('Mul', [
    addGroupedQuery(text, graph, needed),
    graph.floats([text.attentionScale]),
  ]);
  let scores = graph.node('MatMul', [grouped, graph.node('Transpose', [keys], { perm: [0, 1, 3, 2] })]);
  if (text.attentionSoftCap !== undefined) {
    scores = addSoftCap(graph, scores, addScalar(context, text.attentionSoftCap));
  }
  const masked = graph.node('Add', [scores, isSlidingLayer(text, layer) ? inputs.slidingMask : inputs.mask]);
  const shares = graph.node('Softmax', [masked], { axis: -1 });
  return addUngrouped(text, graph, graph.node('MatMul', [shares, values]));
}
