import type { ModelSpec, TextSpec } from '../../base/model-spec.js';
import { GPU_BLOCK_LIMIT, LinearAdder } from './add-linear.js';
import { addMlp, type StoredMlp } from './add-mlp.js';
import {
  addCpuAttention,
  addPlainAttention,
  addPrefixAttention,
  declareCpuInputs,
  declarePrefixInputs,
  fitsGroupQuery,
} from './cpu-attention.js';
import { type AttentionContext, takeKept } from './decoder-attention.js';
import { GraphBuilder, MICROSOFT } from './graph-builder.js';
import { addHead, type StoredHead } from './head-graph.js';
import { addKeptAttention, type KeptAttentionInputs } from './kept-attention.js';
import { addScatterAttention, declareScatterInputs } from './scatter-attention.js';
import type { StoredLinear } from './store-linear.js';
import { addTwoPartAttention, declareTwoPartInputs } from './two-part-attention.js';
import type { StoredWeight } from './weight-file.js';

/** One layer of the decoder. Norm weights are stored as 1 + w, the way RMSNorm uses them. */
export interface StoredTextLayer {
  readonly beforeAttention: StoredWeight;
  /** Query, key and value rows one below the other; those of the query apart in the last layer of a form for prompts. */
  readonly attentionInputs: StoredLinear | KeptAttentionInputs;
  readonly attentionOutput: StoredLinear;
  /** Gemma 2. */
  readonly afterAttention?: StoredWeight;
  readonly beforeMlp: StoredWeight;
  readonly mlp: StoredMlp;
  /** Gemma 2. */
  readonly afterMlp?: StoredWeight;
}

/** The decoder in weight files, without its head. */
export interface StoredText {
  readonly layers: readonly StoredTextLayer[];
  readonly finalNorm: StoredWeight;
  /** Cosines and sines of the rotary positions, [MAX_POSITIONS, headDim / 2]. */
  readonly cos: StoredWeight;
  readonly sin: StoredWeight;
}

/**
 * `cpu`: an If per layer: prefill with GroupQueryAttention, tokens with the two-part attention; the cache
 * belongs to the caller. `cpu-prefill`: the first of these alone, `cpu-step`: the second.
 * `webgpu`: plain operators, the cache stays on the GPU and is written by ScatterND.
 * `webgpu-f16`: the same with linears in float16. `cuda`: two-part attention, cache of the caller; attention,
 * cache and linears in float16 unless the weights are float32. The residual stream and the norms are float32 in all of them.
 */
export type DecoderForm = 'cpu' | 'cpu-prefill' | 'cpu-step' | 'webgpu' | 'webgpu-f16' | 'cuda';

/**
 * The decoder as an ONNX model.
 *
 * In: `inputs_embeds` float32 [b, s, width] (image features, then text rows times sqrt(width)), `position_ids`
 * int64 [b, s] from 0, `kept` int64 [k], which of the s positions are wanted, and what the form's attention declares.
 * Out: the new or updated cache, and for the wanted positions of each row, one below the other, what addHead gives;
 * in the forms for the CPU, whose head is a graph of its own, `hidden` float32 [b * k, width] instead.
 */
export function buildDecoderGraph(
  spec: ModelSpec,
  weights: StoredText,
  head: StoredHead,
  form: DecoderForm,
): Uint8Array {
  const { text } = spec;
  const graph = new GraphBuilder();
  const isCudaHalf = form === 'cuda' && weights.layers[0].mlp.down.format !== 'f32';
  const isForCpu = form.startsWith('cpu');
  const compute = isCudaHalf || form === 'webgpu-f16' ? 'float16' : 'float32';
  const linears = new LinearAdder(graph, compute, isForCpu ? undefined : GPU_BLOCK_LIMIT);
  const embeddings = graph.input('inputs_embeds', 'float32', ['b', 's', text.hiddenSize]);
  const context: AttentionContext = {
    graph,
    text,
    linears,
    positions: graph.input('position_ids', 'int64', ['b', 's']),
    kept: graph.input('kept', 'int64', ['k']),
    cos: graph.weight(weights.cos),
    sin: graph.weight(weights.sin),
    isHalf: isCudaHalf,
  };
  const attend = chooseAttention(context, form);

  let residual = embeddings;
  let normed = addRmsNorm(graph, text, embeddings, weights.layers[0].beforeAttention);
  weights.layers.forEach((layer, index) => {
    const isLast = index === weights.layers.length - 1;
    const inputs = layer.attentionInputs;
    const attended =
      'query' in inputs
        ? addKeptAttention(context, index, normed, inputs)
        : attend(index, linears.add(normed, inputs, isCudaHalf), isLast);
    if (isLast) residual = takeKept(context, residual);
    let branch = linears.add(attended, layer.attentionOutput);
    if (layer.afterAttention) branch = addRmsNorm(graph, text, branch, layer.afterAttention);
    [normed, residual] = addToResidual(graph, text, residual, branch, layer.beforeMlp);
    branch = addMlp(graph, linears, normed, layer.mlp, text.activation);
    if (layer.afterMlp) branch = addRmsNorm(graph, text, branch, layer.afterMlp);
    const nextNorm = weights.layers[index + 1]?.beforeAttention ?? weights.finalNorm;
    [normed, residual] = addToResidual(graph, text, residual, branch, nextNorm);
  });
  const hidden = graph.node('Reshape', [normed, graph.ints([-1, text.hiddenSize])]);
  if (isForCpu) {
    graph.output('hidden', 'float32', ['n', text.hiddenSize], hidden);
  } else {
    addHead(graph, spec, head, linears, hidden);
  }
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
        return isLast ? takeKept(context, attended) : attended;
      };
    }
    case 'cpu-prefill':
    case 'cpu-step': {
      const isPrefix = form === 'cpu-prefill' && fitsGroupQuery(context.text.headDim);
      const attend = isPrefix
        ? addPrefixAttention.bind(undefined, context, declarePrefixInputs(context))
        : addPlainAttention.bind(undefined, context, declareTwoPartInputs(context));
      return (layer, qkv, isLast) => {
        const attended = attend(layer, qkv);
        return isLast ? takeKept(context, attended) : attended;
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
        const last = isLast ? takeKept(context, attended) : attended;
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
