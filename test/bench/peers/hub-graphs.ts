import type { TextSpec, VisionSpec } from '../../../src/base/model-spec.js';
import {
  addGroupedQuery,
  addRotatedInputs,
  addUngrouped,
} from '../../../src/weights/graph/decoder-attention.js';
import type { StoredText } from '../../../src/weights/graph/decoder-graph.js';
import { LinearAdder } from '../../../src/weights/graph/add-linear.js';
import { GraphBuilder } from '../../../src/weights/graph/graph-builder.js';
import type { StoredLinear } from '../../../src/weights/graph/store-linear.js';
import type { BiasedLinear, StoredVision } from '../../../src/weights/graph/vision-graph.js';
import type { StoredWeight } from '../../../src/weights/graph/weight-file.js';

/** ONNX element types for Cast. */
const FLOAT = 1;
const END = 2 ** 31 - 1;

/**
 * A linear as the exports on the hub have it: blocks of 4 bits, or 8 bits with activations rounded as one tensor.
 * MatMulNBits gets onnxruntime's integer kernels, which exports leave unset: three times as fast for a token.
 */
function addHubLinear(graph: GraphBuilder, linears: LinearAdder, x: string, linear: StoredLinear): string {
  if (linear.format !== 'w8a8') return linears.add(x, linear);
  const [values, scale, zero] = graph.nodes('DynamicQuantizeLinear', [x], {}, { outputs: 3 });
  const product = graph.node('MatMulInteger', [values, graph.weight(linear.weight), zero]);
  const scales = graph.node('Mul', [scale, graph.weight(linear.scales!)]);
  return graph.node('Mul', [graph.node('Cast', [product], { to: FLOAT }), scales]);
}

/** `vision_encoder`: `pixel_values` -> `image_features`, in plain operators. */
export function buildHubVision(spec: VisionSpec, textWidth: number, weights: StoredVision): Uint8Array {
  const graph = new GraphBuilder();
  const linears = new LinearAdder(graph, 'float32');
  const { patchSize: patch, imageSize: side, hiddenSize: width, heads } = spec;
  const biased = (x: string, { linear, bias }: BiasedLinear): string =>
    graph.node('Add', [addHubLinear(graph, linears, x, linear), graph.weight(bias)]);
  const norm = (x: string, { weight, bias }: StoredVision['postNorm']): string =>
    graph.node('LayerNormalization', [x, graph.weight(weight), graph.weight(bias)], {
      axis: -1,
      epsilon: { float: spec.layerNormEps },
    });
  const toHeads = (value: string, perm: number[]): string =>
    graph.node('Transpose', [graph.node('Reshape', [value, graph.ints([0, -1, heads, width / heads])])], {
      perm,
    });

  const pixels = graph.input('pixel_values', 'float32', ['b', 3, side, side]);
  const { weight, bias } = weights.patch;
  const grid = graph.node('Conv', [pixels, graph.weight(weight), graph.weight(bias)], {
    kernel_shape: [patch, patch],
    strides: [patch, patch],
    pads: [0, 0, 0, 0],
  });
  const flat = graph.node('Reshape', [grid, graph.ints([0, width, -1])]);
  const patches = graph.node('Transpose', [flat], { perm: [0, 2, 1] });
  let x = graph.node('Add', [patches, graph.weight(weights.positions)]);
  for (const layer of weights.layers) {
    const qkv = biased(norm(x, layer.norm1), layer.attentionInputs);
    const sizes = graph.ints([width, width, width]);
    const [q, k, v] = graph.nodes('Split', [qkv, sizes], { axis: -1 }, { outputs: 3 });
    const query = graph.node('Mul', [toHeads(q, [0, 2, 1, 3]), graph.floats([(width / heads) ** -0.5])]);
    const scores = graph.node('MatMul', [query, toHeads(k, [0, 2, 3, 1])]);
    const shares = graph.node('Softmax', [scores], { axis: -1 });
    const mixed = graph.node('MatMul', [shares, toHeads(v, [0, 2, 1, 3])]);
    const attended = graph.node('Reshape', [
      graph.node('Transpose', [mixed], { perm: [0, 2, 1, 3] }),
      graph.ints([0, -1, width]),
    ]);
    x = graph.node('Add', [x, biased(attended, layer.attentionOutput)]);
    const wide = graph.node('Gelu', [biased(norm(x, layer.norm2), layer.fc1)], { approximate: 'tanh' });
    x = graph.node('Add', [x, biased(wide, layer.fc2)]);
  }
  const features = biased(norm(x, weights.postNorm), weights.projector);
  graph.output('image_features', 'float32', ['b', 'n', textWidth], features);
  return graph.toModel();
}

/** `embed_tokens`: `input_ids` -> `inputs_embeds`. */
export function buildHubEmbedding(width: number, table: StoredWeight): Uint8Array {
  const graph = new GraphBuilder();
  const ids = graph.input('input_ids', 'int64', ['b', 's']);
  const rows = graph.node('Gather', [graph.weight(table), ids]);
  const scaled = graph.node('Mul', [rows, graph.floats([Math.sqrt(width)])]);
  graph.output('inputs_embeds', 'float32', ['b', 's', width], scaled);
  return graph.toModel();
}

/** `decoder_model_merged`: plain attention over a cache that grows by Concat, and the logits that are asked for. */
export function buildHubDecoder(text: TextSpec, weights: StoredText, head: StoredLinear): Uint8Array {
  const graph = new GraphBuilder();
  const linears = new LinearAdder(graph, 'float32');
  const linear = (x: string, stored: StoredLinear): string => addHubLinear(graph, linears, x, stored);
  const { hiddenSize, keyValueHeads, headDim, rmsNormEps } = text;
  const norm = (x: string, weight: StoredWeight): string =>
    graph.node('SimplifiedLayerNormalization', [x, graph.weight(weight)], {
      axis: -1,
      epsilon: { float: rmsNormEps },
      stash_type: 1,
    });
  let x = graph.input('inputs_embeds', 'float32', ['b', 's', hiddenSize]);
  const seen = graph.input('attention_mask', 'int64', ['b', 't']);
  const kept = graph.input('num_logits_to_keep', 'int64', []);
  const context = {
    graph,
    text,
    linears,
    positions: graph.input('position_ids', 'int64', ['b', 's']),
    kept,
    cos: graph.weight(weights.cos),
    sin: graph.weight(weights.sin),
    isHalf: false,
  };
  const hidden = graph.node('Sub', [graph.floats([1]), graph.node('Cast', [seen], { to: FLOAT })]);
  const masked = graph.node('Mul', [hidden, graph.floats([-1e9])]);
  const mask = graph.node('Unsqueeze', [masked, graph.ints([1, 2])]);

  weights.layers.forEach((layer, index) => {
    const { query, key, value } = addRotatedInputs(
      context,
      graph,
      linear(norm(x, layer.beforeAttention), layer.attentionInputs as StoredLinear),
    );
    const append = (name: string, rows: string): string => {
      const past = graph.input(`past_key_values.${index}.${name}`, 'float32', [
        'b',
        keyValueHeads,
        'p',
        headDim,
      ]);
      const split = graph.node('Reshape', [rows, graph.ints([0, 0, keyValueHeads, headDim])]);
      const byHead = graph.node('Transpose', [split], { perm: [0, 2, 1, 3] });
      const all = graph.node('Concat', [past, byHead], { axis: 2 });
      graph.output(`present.${index}.${name}`, 'float32', ['b', keyValueHeads, 't', headDim], all);
      return all;
    };
    const keys = append('key', key);
    const values = append('value', value);
    const grouped = graph.node('Mul', [
      addGroupedQuery(text, graph, query),
      graph.floats([text.attentionScale]),
    ]);
    const scores = graph.node('MatMul', [grouped, graph.node('Transpose', [keys], { perm: [0, 1, 3, 2] })]);
    const shares = graph.node('Softmax', [graph.node('Add', [scores, mask])], { axis: -1 });
    const attended = addUngrouped(text, graph, graph.node('MatMul', [shares, values]));
    x = graph.node('Add', [x, linear(attended, layer.attentionOutput)]);
    const normed = norm(x, layer.beforeMlp);
    const gate = graph.node('Gelu', [linear(normed, layer.mlp.gate[0])], { approximate: 'tanh' });
    x = graph.node('Add', [
      x,
      linear(graph.node('Mul', [gate, linear(normed, layer.mlp.up[0])]), layer.mlp.down),
    ]);
  });
  const start = graph.node('Neg', [graph.node('Reshape', [kept, graph.ints([1])])]);
  const last = graph.node('Slice', [norm(x, weights.finalNorm), start, graph.ints([END]), graph.ints([1])]);
  graph.output('logits', 'float32', ['b', 'k', text.vocabSize], linear(last, head));
  return graph.toModel();
}
