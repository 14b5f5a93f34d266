import type { Activation } from '../../base/model-spec.js';
import { addActivation } from './add-activation.js';
import type { LinearAdder } from './add-linear.js';
import type { GraphBuilder } from './graph-builder.js';
import { roundPerToken } from './round-per-token.js';
import type { StoredLinear } from './store-linear.js';

/** The gated MLP of a layer in weight files. */
export interface StoredMlp {
  /** Rows of the matrix in pieces, one below the other: see listMlpPieces. */
  readonly gate: readonly StoredLinear[];
  /** In the same pieces. */
  readonly up: readonly StoredLinear[];
  readonly down: StoredLinear;
}

/** down(activation(gate(x)) * up(x)), [b, s, width] float32. */
export function addMlp(
  graph: GraphBuilder,
  linears: LinearAdder,
  x: string,
  mlp: StoredMlp,
  activation: Activation | undefined,
): string {
  const { gate, up, down } = mlp;
  if (down.format === 'w8a8') return addRoundedMlp(graph, linears, x, mlp, activation);
  const gated = addActivation(graph, linears.add(x, gate[0]), activation);
  return linears.add(graph.node('Mul', [gated, linears.add(x, up[0])]), down);
}

/**
 * The same with `w8a8` matrices, piece by piece. The scale of each token of `up` is multiplied in after `down`: what is
 * rounded in between has the same 8 bits with and without it.
 */
function addRoundedMlp(
  graph: GraphBuilder,
  linears: LinearAdder,
  x: string,
  { gate, up, down }: StoredMlp,
  activation: Activation | undefined,
): string {
  const { values, scale } = linears.round(gate[0].isRotated ? linears.turn(x, gate[0].inputs) : x);
  const pieces = gate.map((piece, i) => {
    const gated = graph.node('Mul', [linears.multiplyRounded(values, piece), scale]);
    const active = addActivation(graph, gated, activation);
    const inner = graph.node('Mul', [active, linears.multiplyRounded(values, up[i])]);
    return down.isRotated ? linears.turn(inner, piece.outputs) : inner;
  });
  const rounded = roundPerToken(graph, pieces);
  const scales = graph.node('Mul', [rounded.scale, scale]);
  return graph.node('Mul', [linears.multiplyRounded(rounded.values, down), scales]);
}
