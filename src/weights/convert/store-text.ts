import { MAX_POSITIONS, type ModelSpec, type TextSpec } from '../../base/model-spec.js';
import type { StoredText, StoredTextLayer } from '../graph/decoder-graph.js';
import type { StoredHead } from '../graph/head-graph.js';
import type { DecoderPlan, DtypePlan } from './dtype-plan.js';
import type { Checkpoint } from '../checkpoint/open-checkpoint.js';
import type { StoredMlp } from '../graph/add-mlp.js';
import { repeatLayer } from './repeat-layer.js';
import { listMlpPieces } from '../graph/mlp-pieces.js';
import { stackRows, type StoredLinear, storeLinear, storePieces } from '../graph/store-linear.js';
import type { RowSource } from '../graph/row-source.js';
import { textLayerPrefix, textNormNames } from '../checkpoint/tensor-table.js';
import type { StoredWeight, WeightFile } from '../graph/weight-file.js';

/**
 * Write the decoder without its head into a weight file.
 * @param onWeights called with the number of weights done since the last call, and in which layer.
 * @param distinctLayers see ConvertOptions.
 */
export async function storeText(
  checkpoint: Checkpoint,
  spec: Pick<ModelSpec, 'family' | 'text'>,
  plan: DecoderPlan,
  file: WeightFile,
  onWeights: (count: number, layer?: number) => void,
  distinctLayers = Infinity,
): Promise<StoredText> {
  const { text } = spec;
  let layer: number | undefined;
  const norms = textNormNames(spec.family);
  const storeNorm = async (name: string): Promise<StoredWeight> => {
    const values = await checkpoint.tensors.get(name)!.readRows(0, text.hiddenSize);
    onWeights(values.length, layer);
    return file.add(
      name,
      'float32',
      [text.hiddenSize],
      values.map((value) => 1 + value),
    );
  };
  const store = async (name: string, parts: readonly string[]): Promise<StoredLinear> => {
    const source = stackRows(parts.map((part) => checkpoint.tensors.get(`${part}.weight`)!));
    const linear = await storeLinear(file, name, source, plan.attention);
    onWeights(source.rows * source.columns, layer);
    return linear;
  };

  const storeMlp = async (prefix: string): Promise<StoredMlp> => {
    const [gate, up, down] = ['gate', 'up', 'down'].map((name) =>
      stackRows([checkpoint.tensors.get(`${prefix}.${name}_proj.weight`)!]),
    );
    const pieces = listMlpPieces(down.columns, plan.mlp.format);
    const store = async (name: string, source: RowSource): Promise<StoredLinear[]> => {
      const stored = await storePieces(file, `${prefix}.${name}_proj`, source, plan.mlp, pieces);
      onWeights(source.rows * source.columns, layer);
      return stored;
    };
    const mlp = {
      gate: await store('gate', gate),
      up: await store('up', up),
      down: await storeLinear(file, `${prefix}.down_proj`, down, plan.mlp, pieces),
    };
    onWeights(down.rows * down.columns, layer);
    return mlp;
  };

  const layers: StoredTextLayer[] = [];
  for (layer = 0; layer < text.layers; layer++) {
    // Of a prompt only the last position has a query in the last layer.
    const isApart = plan.forms.includes('cpu-prefill') && layer === text.layers - 1;
    if (layer >= distinctLayers && !isApart) {
      layers.push(repeatLayer(layers[layer % distinctLayers], layer));
      continue;
    }
    const prefix = textLayerPrefix(layer);
    const attention = `${prefix}.self_attn`;
    const norm = (name: string): Promise<StoredWeight> => storeNorm(`${prefix}.${name}.weight`);
    const [query, ...keyValue] = ['q_proj', 'k_proj', 'v_proj'].map((part) => `${attention}.${part}`);
    layers.push({
      beforeAttention: await norm(norms.beforeAttention),
      attentionInputs: isApart
        ? { query: await store(query, [query]), keyValue: await store(`${attention}.kv`, keyValue) }
        : await store(`${attention}.qkv`, [query, ...keyValue]),
      attentionOutput: await store(`${attention}.o_proj`, [`${attention}.o_proj`]),
      ...(norms.afterAttention ? { afterAttention: await norm(norms.afterAttention) } : {}),
      beforeMlp: await norm(norms.beforeMlp),
      mlp: await storeMlp(`${prefix}.mlp`),
      ...(norms.afterMlp ? { afterMlp: await norm(norms.afterMlp) } : {}),
    });
  }
  layer = undefined;
  const finalNorm = await storeNorm('language_model.norm.weight');
  const { cos, sin } = await storeRotary(file, text);
  return { layers, finalNorm, cos, sin };
}

/**
 * Write the output head into a weight file, unless it is the embedding table itself.
 * @param embedding the stored table, which is the head when the plan says `rows`.
 */
export async function storeHead(
  checkpoint: Checkpoint,
  isHeadTied: boolean,
  plan: DtypePlan,
  embedding: StoredWeight,
  file: WeightFile,
  onWeights: (count: number) => void,
): Promise<StoredHead> {
  const tensor = checkpoint.tensors.get(
    isHeadTied ? 'language_model.embed_tokens.weight' : 'lm_head.weight',
  )!;
  const source = stackRows([tensor]);
  if (plan.head === 'rows' && isHeadTied) return { rows: embedding };
  const matrix = plan.head === 'rows' ? plan.decoders[0].mlp : plan.head;
  const blocks = await storeLinear(file, 'lm_head', source, matrix);
  onWeights(source.rows * source.columns);
  if (plan.ranking === undefined) return { blocks };
  const ranking = await storeLinear(file, 'lm_head.ranking', source, plan.ranking);
  onWeights(source.rows * source.columns);
  return { blocks, ranking };
}

/** Cosine and sine of position / factor * theta^(-2i / headDim), [MAX_POSITIONS, headDim / 2]. */
async function storeRotary(
  file: WeightFile,
  text: TextSpec,
): Promise<{ cos: StoredWeight; sin: StoredWeight }> {
  const half = text.headDim / 2;
  const cos = new Float32Array(MAX_POSITIONS * half);
  const sin = new Float32Array(MAX_POSITIONS * half);
  for (let i = 0; i < half; i++) {
    const frequency = text.ropeTheta ** ((-2 * i) / text.headDim) / (text.ropeFactor ?? 1);
    for (let position = 0; position < MAX_POSITIONS; position++) {
      cos[position * half + i] = Math.cos(position * frequency);
      sin[position * half + i] = Math.sin(position * frequency);
    }
  }
  return {
    cos: await file.add('rotary.cos', 'float32', [MAX_POSITIONS, half], cos),
    sin: await file.add('rotary.sin', 'float32', [MAX_POSITIONS, half], sin),
  };
}
