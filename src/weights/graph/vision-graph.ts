import { imageTokenCount, type VisionSpec } from '../../base/model-spec.js';
import { addActivation } from './add-activation.js';
import { type ComputeType, LinearAdder } from './add-linear.js';
import { GraphBuilder, MICROSOFT } from './graph-builder.js';
import type { StoredLinear } from './store-linear.js';
import type { StoredWeight } from './weight-file.js';

/** A linear with its bias. */
export interface BiasedLinear {
  readonly linear: StoredLinear;
  readonly bias: StoredWeight;
}

/** Weight and bias of a layer norm. */
export interface StoredNorm {
  readonly weight: StoredWeight;
  readonly bias: StoredWeight;
}

/** The SigLIP tower and the projector, in weight files. */
export interface StoredVision {
  /** [width, 3, patch, patch]. */
  readonly patch: { readonly weight: StoredWeight; readonly bias: StoredWeight };
  /** [1, patches, width]. */
  readonly positions: StoredWeight;
  readonly layers: readonly {
    readonly norm1: StoredNorm;
    /** Query, key and value rows one below the other. */
    readonly attentionInputs: BiasedLinear;
    readonly attentionOutput: BiasedLinear;
    readonly norm2: StoredNorm;
    readonly fc1: BiasedLinear;
    readonly fc2: BiasedLinear;
  }[];
  readonly postNorm: StoredNorm;
  readonly projector: BiasedLinear;
}

/**
 * `cpu`, `cuda`: MultiHeadAttention, whose memory does not grow with the square of the patches. `webgpu`:
 * plain operators, because that operator gave wrong numbers there with many queries. `cuda` multiplies in
 * float16 when the weights are stored so.
 */
export type VisionForm = 'cpu' | 'webgpu' | 'cuda';

/**
 * The vision tower with the projector as an ONNX model.
 *
 * In: `pixel_values` float32 [b, 3, side, side] in [-1, 1]. Out: `image_features` float32 [b, patches, text
 * width], as they enter the decoder (not scaled).
 */
export function buildVisionGraph(
  spec: VisionSpec,
  textWidth: number,
  weights: StoredVision,
  form: VisionForm,
): Uint8Array {
  const graph = new GraphBuilder();
  const isHalf = form === 'cuda' && weights.projector.linear.format === 'f16';
  const compute: ComputeType = isHalf ? 'float16' : 'float32';
  const linears = new LinearAdder(graph, compute);
  const addBiased = (x: string, { linear, bias }: BiasedLinear): string =>
    graph.node('Add', [linears.add(x, linear), graph.weight(bias)]);
  const addNorm = (x: string, norm: StoredNorm): string =>
    graph.node('LayerNormalization', [x, graph.weight(norm.weight), graph.weight(norm.bias)], {
      axis: -1,
      epsilon: { float: spec.layerNormEps },
    });

  let x = addPatches(graph, spec, weights);
  for (const layer of weights.layers) {
    const qkv = addBiased(addNorm(x, layer.norm1), layer.attentionInputs);
    const attention = addAttention(graph, spec, qkv, form);
    x = graph.node('Add', [x, addBiased(attention, layer.attentionOutput)]);
    const wide = addBiased(addNorm(x, layer.norm2), layer.fc1);
    x = graph.node('Add', [x, addBiased(addActivation(graph, wide, spec.activation), layer.fc2)]);
  }
  const features = addBiased(addNorm(x, weights.postNorm), weights.projector);
  graph.output('image_features', 'float32', ['b', imageTokenCount(spec), textWidth], features);
  return graph.toModel();
}

function addPatches(graph: GraphBuilder, spec: VisionSpec, weights: StoredVision): string {
  const { patchSize: patch, imageSize: side } = spec;
  const pixels = graph.input('pixel_values', 'float32', ['b', 3, side, side]);
  const grid = graph.node(
    'Conv',
    [pixels, graph.weight(weights.patch.weight), graph.weight(weights.patch.bias)],
    {
      kernel_shape: [patch, patch],
      strides: [patch, patch],
      pads: [0, 0, 0, 0],
    },
  );
  const flat = graph.node('Reshape', [grid, graph.ints([0, spec.hiddenSize, -1])]);
  const patches = graph.node('Transpose', [flat], { perm: [0, 2, 1] });
  return graph.node('Add', [patches, graph.weight(weights.positions)]);
}

function addAttention(graph: GraphBuilder, spec: VisionSpec, qkv: string, form: VisionForm): string {
  const { hiddenSize: width, heads } = spec;
  const sizes = graph.ints([width, width, width]);
  const [q, k, v] = graph.nodes('Split', [qkv, sizes], { axis: -1 }, { outputs: 3 }) as [
    string,
    string,
    string,
  ];
  if (form !== 'webgpu') {
    return graph.node('MultiHeadAttention', [q, k, v], { num_heads: heads }, { domain: MICROSOFT });
  }
  const headDim = width / heads;
  const toHeads = (value: string, perm: number[]): string =>
    graph.node('Transpose', [graph.node('Reshape', [value, graph.ints([0, -1, heads, headDim])])], { perm });
  const query = graph.node('Mul', [toHeads(q, [0, 2, 1, 3]), graph.floats([headDim ** -0.5])]);
  const scores = graph.node('MatMul', [query, toHeads(k, [0, 2, 3, 1])]);
  const shares = graph.node('Softmax', [scores], { axis: -1 });
  const mixed = graph.node('Transpose', [graph.node('MatMul', [shares, toHeads(v, [0, 2, 1, 3])])], {
    perm: [0, 2, 1, 3],
  });
  return graph.node('Reshape', [mixed, graph.ints([0, -1, width])]);
}
