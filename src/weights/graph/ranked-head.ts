import type { LinearAdder } from './add-linear.js';
import type { GraphBuilder } from './graph-builder.js';
import type { StoredLinear } from './store-linear.js';

/** Logits from a head in two stages. */
export interface RankedLogits {
  /** float32 [n, vocabulary]; all but those of `ids` are rough. */
  readonly logits: string;
  /** int64 [n, count]: the likeliest. */
  readonly ids: string;
  /** float32 [n, count]: their logits. */
  readonly values: string;
}

/**
 * The logits of normed hidden states x [n, width], read from a head in 4 bits, which is half of what the one in 8 bits
 * takes, and for the tokens that lead in these, from the rows in 8 bits.
 *
 * Of a Gemma with 262,144 tokens (docs/performance.md says which) the likeliest token was never below the sixth place
 * in 4 bits, and always the likeliest again in 8.
 * @param ranking `q4`. @param blocks the same rows as `q8`. @param count tokens that lead.
 */
export function addRankedLogits(
  graph: GraphBuilder,
  linears: LinearAdder,
  x: string,
  ranking: StoredLinear,
  blocks: StoredLinear,
  count: number,
): RankedLogits {
  const { inputs, outputs } = ranking;
  const sequence = graph.node('Reshape', [x, graph.ints([1, -1, inputs])]);
  const rough = graph.node('Reshape', [linears.add(sequence, ranking), graph.ints([-1, outputs])]);
  const [, ids] = graph.nodes('TopK', [rough, graph.ints([count])], { axis: -1 }, { outputs: 2 });
  const rows = addRows(graph, blocks, ids);
  const column = graph.node('Reshape', [x, graph.ints([-1, inputs, 1])]);
  const products = graph.node('MatMul', [rows, column]);
  const values = graph.node('Reshape', [products, graph.ints([-1, count])]);
  return { logits: graph.node('ScatterElements', [rough, ids, values], { axis: 1 }), ids, values };
}

/** Some rows of a `q8` matrix for each n: float32 [n, count, inputs]. */
function addRows(
  graph: GraphBuilder,
  { inputs, blockSize, weight, scales }: StoredLinear,
  ids: string,
): string {
  const bytes = graph.node('Gather', [graph.weight(weight), ids], { axis: 0 });
  const steps = graph.node('Unsqueeze', [
    graph.node('Gather', [graph.weight(scales!), ids], { axis: 0 }),
    graph.ints([-1]),
  ]);
  const centred = graph.node('Sub', [graph.node('Cast', [bytes], { to: 1 }), graph.floats([128])]);
  const values = graph.node('Mul', [centred, steps]);
  const rows = graph.node('Reshape', [values, graph.ints([0, 0, -1])]);
  // The last block of a row may be padded.
  return inputs % blockSize! === 0
    ? rows
    : graph.node('Slice', [rows, graph.ints([0]), graph.ints([inputs]), graph.ints([2])]);
}
