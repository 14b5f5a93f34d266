import type { GraphBuilder } from './graph-builder.js';

/** Values rounded to 8 bits, token by token. */
export interface RoundedValues {
  /** uint8 around 128, [b, s, inputs]. */
  readonly values: string;
  /** float32 [b, s, 1]: what one step is. */
  readonly scale: string;
}

/**
 * Each token (last dimension) to uint8 around 128 with its own scale: largest magnitude / 127.
 * @param pieces of the tokens' values, float32 [b, s, n], that are joined and have one scale.
 */
export function roundPerToken(graph: GraphBuilder, pieces: readonly string[]): RoundedValues {
  const reduce = (type: 'ReduceMax' | 'ReduceMin', x: string): string =>
    graph.node(type, [x, graph.ints([-1])], { keepdims: 1 });
  const ends = pieces.flatMap((piece) => [
    reduce('ReduceMax', piece),
    graph.node('Neg', [reduce('ReduceMin', piece)]),
  ]);
  // A token of all zeros must not cause a division by zero.
  const largest = graph.node('Max', [...ends, graph.floats([1e-12])]);
  const scale = graph.node('Div', [largest, graph.floats([127])]);
  const values = pieces.map((piece) => {
    const scaled = graph.node('Div', [piece, scale]);
    return graph.node('QuantizeLinear', [scaled, graph.floats([1]), graph.byte(128)]);
  });
  return { values: values.length === 1 ? values[0] : graph.node('Concat', values, { axis: -1 }), scale };
}
