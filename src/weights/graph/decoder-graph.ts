import { LOC_TOKENS, type ModelSpec, SEG_TOKENS, type TextSpec } from '../../base/model-spec.js';
import { addActivation } from './add-activation.js';
import { LinearAdder } from './add-linear.js';
import { addCpuAttention, declareCpuInputs } from './cpu-attention.js';
import { addSoftCap, type AttentionContext } from './decoder-attention.js';
import { GraphBuilder, MICROSOFT } from './graph-builder.js';
import { addScatterAttention, declareScatterInputs } from './scatter-attention.js';
import type { StoredLinear } from './store-linear.js';
import { addTwoPartAttention, declareTwoPartInputs } from './two-part-attention.js';
import type { StoredWeight } from './weight-file.js';

/** One layer of the decoder. Norm weights are stored as 1 + w, the way RMSNorm uses them. */
export interface StoredTextLayer {
  readonly beforeAttention: StoredWeight;
  /** Query, key and value rows one below the other. */
  readonly attentionInputs: StoredLinear;
  readonly attentionOutput: StoredLinear;
  /** Gemma 2. */
  readonly afterAttention?: StoredWeight;
  readonly beforeMlp: StoredWeight;
  readonly gate: StoredLinear;
  readonly up: StoredLinear;
  readonly down: StoredLinear;
  /** Gemma 2. */
  readonly afterMlp?: StoredWeight;
}

/** The decoder in weight files. */
export interface StoredText {
  readonly layers: readonly StoredTextLayer[];
  readonly finalNorm: StoredWeight;
  /** The output head: blocks of 8 bits, or dense rows [vocabulary, width] (the embedding table itself). */
  readonly head: { readonly blocks: StoredLinear } | { readonly rows: StoredWeight };
  /** Cosines and sines of the rotary positions, [MAX_POSITIONS, headDim / 2]. */
  readonly cos: StoredWeight;
  readonly sin: StoredWeight;
}

/**
 * `cpu`: an If per layer: prefill with GroupQueryAttention, one token with the two-part attention; the cache
 * belongs to the caller. `webgpu`: plain operators, the cache stays on the GPU and is written by ScatterND.
 * `webgpu-f16`: the same with linears in float16. `cuda`: two-part attention, cache of the caller; attention,
 * cache and linears in float16 unless the weights are float32. The residual stream and the norms are float32 in all of them.
 */
export type DecoderForm = 'cpu' | 'webgpu' | 'webgpu-f16' | 'cuda';

/** Alternatives that a step reports: enough for 20 --logprobs, top-p sampling and every grammar. */
const TOP_COUNT = 64;

/**
 * The decoder as an ONNX model.
 *
 * In: `inputs_embeds` float32 [b, s, width] (image features, then text rows times sqrt(width)), `position_ids`
 * int64 [b, s] from 0, and what the form's attention declares. Out, for the last position of each row:
 * `top_ids` int64 and `top_values` float32 [b, 64], `lse` float32 [b], `loc_seg_logits` float32 [b, 1152];
 * and the new or updated cache.
 */
export function buildDecoderGraph(spec: ModelSpec, weights: StoredText, form: DecoderForm): Uint8Array {
  const { text } = spec;
  const graph = new GraphBuilder();
  const isCudaHalf = form === 'cuda' && weights.layers[0].gate.format !== 'f32';
  const linears = new LinearAdder(graph, isCudaHalf || form === 'webgpu-f16' ? 'float16' : 'float32');
  const embeddings = graph.input('inputs_embeds', 'float32', ['b', 's', text.hiddenSize]);
  const context: AttentionContext = {
    graph,
    text,
    linears,
    positions: graph.input('position_ids', 'int64', ['b', 's']),
    cos: graph.weight(weights.cos),
    sin: graph.weight(weights.sin),
    isHalf: isCudaHalf,
  };
  const attend = chooseAttention(context, form);

  let residual = embeddings;
  let normed = addRmsNorm(graph, text, embeddings, weights.layers[0].beforeAttention);
  weights.layers.forEach((layer, index) => {
    const isLast = index === weights.layers.length - 1;
    const qkv = linears.add(normed, layer.attentionInputs, isCudaHalf);
    const attended = attend(index, qkv, isLast);
    if (isLast) residual = takeLast(graph, residual);
    let branch = linears.add(attended, layer.attentionOutput);
    if (layer.afterAttention) branch = addRmsNorm(graph, text, branch, layer.afterAttention);
    [normed, residual] = addToResidual(graph, text, residual, branch, layer.beforeMlp);
    branch = addMlp(graph, text, linears, normed, layer);
    if (layer.afterMlp) branch = addRmsNorm(graph, text, branch, layer.afterMlp);
    const nextNorm = weights.layers[index + 1]?.beforeAttention ?? weights.finalNorm;
    [normed, residual] = addToResidual(graph, text, residual, branch, nextNorm);
  });
  addHead(graph, spec, weights, linears, graph.node('Reshape', [normed, graph.ints([-1, text.hiddenSize])]));
  return graph.toModel();
}

type Attend = (layer: number, qkv: string, isLast: boolean) => string;

function chooseAttention(context: AttentionContext, form: DecoderForm): Attend {
  const { graph } = context;
  switch (form) {
    case 'cpu': {
      const inputs = declareCpuInputs(context);
      return (layer, qkv, isLast) => {
        const attended = addCpuAttention(context, inputs, layer, qkv);
        return isLast ? takeLast(graph, attended) : attended;
      };
    }
    case 'cuda': {
      const inputs = declareTwoPartInputs(context);
      return (layer, qkv, isLast) => {
        const { attended, newKeys, newValues } = addTwoPartAttention(context, graph, inputs, layer, qkv);
        const type = context.isHalf ? 'float16' : 'float32';
        const dims = ['b', context.text.keyValueHeads, 's', context.text.headDim];
        graph.output(`new.${layer}.k`, type, dims, newKeys);
        graph.output(`new.${layer}.v`, type, dims, newValues);
        const last = isLast ? takeLast(graph, attended) : attended;
        if (context.isHalf) context.linears.markHalf(last);
        return last;
      };
    }
    case 'webgpu':
    case 'webgpu-f16': {
      const inputs = declareScatterInputs(context);
      return (layer, qkv, isLast) => addScatterAttention(context, inputs, layer, qkv, isLast);
    }
  }
}

/** The last position of [b, s, ...] as [b, 1, ...]: only the keys and values of the others are needed. */
function takeLast(graph: GraphBuilder, value: string): string {
  return graph.node('Gather', [value, graph.ints([-1])], { axis: 1 });
}

function addRmsNorm(graph: GraphBuilder, text: TextSpec, x: string, weight: StoredWeight): string {
  return graph.node('SimplifiedLayerNormalization', [x, graph.weight(weight)], {
    axis: -1,
    epsilon: { float: text.rmsNormEps },
    stash_type: 1,
  });
}

/** residual + branch, and its norm: [normed, sum]. */
function addToResidual(
  graph: GraphBuilder,
  text: TextSpec,
  residual: string,
  branch: string,
  norm: StoredWeight,
): [string, string] {
  const [normed, , , sum] = graph.nodes(
    'SkipSimplifiedLayerNormalization',
    [residual, branch, graph.weight(norm)],
    { epsilon: { float: text.rmsNormEps } },
    { domain: MICROSOFT, outputs: 4 },
  );
  return [normed, sum];
}

function addMlp(
  graph: GraphBuilder,
  text: TextSpec,
  linears: LinearAdder,
  x: string,
  layer: StoredTextLayer,
): string {
  const gate = addActivation(graph, linears.add(x, layer.gate), text.activation);
  return linears.add(graph.node('Mul', [gate, linears.add(x, layer.up)]), layer.down);
}

function addHead(
  graph: GraphBuilder,
  spec: ModelSpec,
  weights: StoredText,
  linears: LinearAdder,
  x: string,
): void {
  const { text, tokens } = spec;
  let logits: string;
  if ('blocks' in weights.head) {
    logits = linears.add(x, weights.head.blocks);
  } else {
    logits = linears.addRows(x, weights.head.rows);
  }
  if (text.logitSoftCap !== undefined) logits = addSoftCap(graph, logits, graph.floats([text.logitSoftCap]));
  const [values, ids] = graph.nodes('TopK', [logits, graph.ints([TOP_COUNT])], { axis: -1 }, { outputs: 2 });
  graph.output('top_values', 'float32', ['b', TOP_COUNT], values);
  graph.output('top_ids', 'int64', ['b', TOP_COUNT], ids);
  const lse = graph.node('ReduceLogSumExp', [logits, graph.ints([-1])], { keepdims: 0 });
  graph.output('lse', 'float32', ['b'], lse);
  const special = LOC_TOKENS + SEG_TOKENS;
  const slice = graph.node('Slice', [
    logits,
    graph.ints([tokens.firstLoc]),
    graph.ints([tokens.firstLoc + special]),
    graph.ints([1]),
  ]);
  graph.output('loc_seg_logits', 'float32', ['b', special], slice);
}
