import { MAX_POSITIONS, type ModelSpec, type TextSpec } from '../../base/model-spec.js';
import type { StoredText, StoredTextLayer } from '../graph/decoder-graph.js';
import type { DtypePlan } from './dtype-plan.js';
import type { Checkpoint } from '../checkpoint/open-checkpoint.js';
import { type LinearFormat, stackRows, type StoredLinear, storeLinear } from '../graph/store-linear.js';
import { textLayerPrefix, textNormNames } from '../checkpoint/tensor-table.js';
import type { StoredWeight, WeightFile } from '../graph/weight-file.js';

/**
 * Write the decoder into a weight file.
 * @param embedding the stored embedding table, which is the head when the plan says `rows`.
 * @param onWeights called with the number of weights done since the last call, and in which layer.
 */
export async function storeText(
  checkpoint: Checkpoint,
  spec: Pick<ModelSpec, 'family' | 'text'>,
  isHeadTied: boolean,
  plan: DtypePlan,
  embedding: StoredWeight,
  file: WeightFile,
  onWeights: (count: number, layer?: number) => void,
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
  const store = async (
    name: string,
    parts: readonly string[],
    format: LinearFormat,
  ): Promise<StoredLinear> => {
    const source = stackRows(parts.map((part) => checkpoint.tensors.get(`${part}.weight`)!));
    const linear = await storeLinear(file, name, source, format);
    onWeights(source.rows * source.columns, layer);
    return linear;
  };

  const layers: StoredTextLayer[] = [];
  for (layer = 0; layer < text.layers; layer++) {
    const prefix = textLayerPrefix(layer);
    const attention = `${prefix}.self_attn`;
    const norm = (name: string): Promise<StoredWeight> => storeNorm(`${prefix}.${name}.weight`);
    const one = (name: string, format: LinearFormat): Promise<StoredLinear> =>
      store(`${prefix}.${name}`, [`${prefix}.${name}`], format);
    const inputs = ['q_proj', 'k_proj', 'v_proj'].map((part) => `${attention}.${part}`);
    layers.push({
      beforeAttention: await norm(norms.beforeAttention),
      attentionInputs: await store(`${attention}.qkv`, inputs, plan.text),
      attentionOutput: await one('self_attn.o_proj', plan.text),
      ...(norms.afterAttention ? { afterAttention: await norm(norms.afterAttention) } : {}),
      beforeMlp: await norm(norms.beforeMlp),
      gate: await one('mlp.gate_proj', plan.text),
      up: await one('mlp.up_proj', plan.text),
      down: await one('mlp.down_proj', plan.down),
      ...(norms.afterMlp ? { afterMlp: await norm(norms.afterMlp) } : {}),
    });
  }
  layer = undefined;
  const finalNorm = await storeNorm('language_model.norm.weight');
  const { cos, sin } = await storeRotary(file, text);
  const head = await storeHead(checkpoint, isHeadTied, plan, embedding, file, onWeights);
  return { layers, finalNorm, head, cos, sin };
}

async function storeHead(
  checkpoint: Checkpoint,
  isHeadTied: boolean,
  plan: DtypePlan,
  embedding: StoredWeight,
  file: WeightFile,
  onWeights: (count: number) => void,
): Promise<StoredText['head']> {
  const tensor = checkpoint.tensors.get(
    isHeadTied ? 'language_model.embed_tokens.weight' : 'lm_head.weight',
  )!;
  const source = stackRows([tensor]);
  if (plan.head === 'rows' && isHeadTied) return { rows: embedding };
  const format = plan.head === 'rows' ? plan.text : plan.head;
  const blocks = await storeLinear(file, 'lm_head', source, format);
  onWeights(source.rows * source.columns);
  return { blocks };
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
