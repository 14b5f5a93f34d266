import type { Activation } from '../../base/model-spec.js';
import type { GraphBuilder } from './graph-builder.js';

/** What a MLP does to the result of its first matrix, element by element, in x's own type. */
export function addActivation(graph: GraphBuilder, x: string, activation: Activation = 'gelu-tanh'): string {
  switch (activation) {
    case 'gelu-tanh':
      return graph.node('Gelu', [x], { approximate: 'tanh' });
    case 'gelu':
      return graph.node('Gelu', [x], { approximate: 'none' });
    case 'quick-gelu': {
      const share = graph.node('Sigmoid', [graph.node('Mul', [x, graph.floats([1.702])])]);
      return graph.node('Mul', [x, share]);
    }
    case 'relu':
      return graph.node('Relu', [x]);
    case 'silu':
      return graph.node('Mul', [x, graph.node('Sigmoid', [x])]);
  }
}
