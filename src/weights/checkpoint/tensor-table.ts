import type { TextSpec, VisionSpec } from '../../base/model-spec.js';
import { imageTokenCount } from '../../base/model-spec.js';

/** A tensor that a checkpoint must hold, under its canonical name (see key-layout). */
export interface TensorRow {
  readonly name: string;
  readonly shape: readonly number[];
  /** May be missing: the output head of a model whose head is its embedding table. */
  readonly isOptional?: boolean;
}

/** What listTensors needs to know. */
export interface TensorTableSpec {
  readonly family: 'paligemma' | 'paligemma2';
  readonly vision: VisionSpec;
  readonly text: TextSpec;
  readonly isHeadTied: boolean;
}

/** Canonical names of the embedding table and of the output head, which a tied model has in one. */
export const TABLE = 'language_model.embed_tokens.weight';
export const HEAD = 'lm_head.weight';

/** Canonical prefix of layer N of the vision tower and of the decoder. */
export const visionLayerPrefix = (layer: number): string => `vision_tower.encoder.layers.${layer}`;
export const textLayerPrefix = (layer: number): string => `language_model.layers.${layer}`;

/**
 * The norms of one decoder layer by their place. The checkpoint's name `post_attention_layernorm` means the
 * norm before the MLP in Gemma 1 and the norm after the attention in Gemma 2.
 */
export function textNormNames(family: TensorTableSpec['family']): {
  beforeAttention: string;
  afterAttention?: string;
  beforeMlp: string;
  afterMlp?: string;
} {
  if (family === 'paligemma')
    return { beforeAttention: 'input_layernorm', beforeMlp: 'post_attention_layernorm' };
  return {
    beforeAttention: 'input_layernorm',
    afterAttention: 'post_attention_layernorm',
    beforeMlp: 'pre_feedforward_layernorm',
    afterMlp: 'post_feedforward_layernorm',
  };
}

/**
 * Every tensor of a checkpoint, with its shape as PyTorch stores it (linears: [outputs, inputs]), about in the order in
 * which a conversion reads them.
 */
export function listTensors(spec: TensorTableSpec): TensorRow[] {
  return [...visionTensors(spec.vision, spec.text.hiddenSize), ...textTensors(spec)];
}

function visionTensors(vision: VisionSpec, textWidth: number): TensorRow[] {
  const { hiddenSize: width, intermediateSize: wide, patchSize: patch } = vision;
  const rows: TensorRow[] = [
    { name: 'vision_tower.embeddings.patch_embedding.weight', shape: [width, 3, patch, patch] },
    { name: 'vision_tower.embeddings.patch_embedding.bias', shape: [width] },
    { name: 'vision_tower.embeddings.position_embedding.weight', shape: [imageTokenCount(vision), width] },
  ];
  for (let layer = 0; layer < vision.layers; layer++) {
    const prefix = visionLayerPrefix(layer);
    rows.push(...pair(`${prefix}.layer_norm1`, width), ...pair(`${prefix}.layer_norm2`, width));
    for (const name of ['q_proj', 'k_proj', 'v_proj', 'out_proj']) {
      rows.push(...linear(`${prefix}.self_attn.${name}`, width, width));
    }
    rows.push(...linear(`${prefix}.mlp.fc1`, wide, width), ...linear(`${prefix}.mlp.fc2`, width, wide));
  }
  rows.push(
    ...pair('vision_tower.post_layernorm', width),
    ...linear('multi_modal_projector.linear', textWidth, width),
  );
  return rows;
}

function textTensors({ family, text, isHeadTied }: TensorTableSpec): TensorRow[] {
  const { hiddenSize: width, intermediateSize: wide } = text;
  const queries = text.heads * text.headDim;
  const keys = text.keyValueHeads * text.headDim;
  const rows: TensorRow[] = [{ name: TABLE, shape: [text.vocabSize, width] }];
  for (let layer = 0; layer < text.layers; layer++) {
    const prefix = textLayerPrefix(layer);
    for (const norm of Object.values(textNormNames(family))) {
      rows.push({ name: `${prefix}.${norm}.weight`, shape: [width] });
    }
    rows.push(
      { name: `${prefix}.self_attn.q_proj.weight`, shape: [queries, width] },
      { name: `${prefix}.self_attn.k_proj.weight`, shape: [keys, width] },
      { name: `${prefix}.self_attn.v_proj.weight`, shape: [keys, width] },
      { name: `${prefix}.self_attn.o_proj.weight`, shape: [width, queries] },
      { name: `${prefix}.mlp.gate_proj.weight`, shape: [wide, width] },
      { name: `${prefix}.mlp.up_proj.weight`, shape: [wide, width] },
      { name: `${prefix}.mlp.down_proj.weight`, shape: [width, wide] },
    );
  }
  rows.push(
    { name: 'language_model.norm.weight', shape: [width] },
    { name: HEAD, shape: [text.vocabSize, width], isOptional: isHeadTied },
  );
  return rows;
}

function linear(name: string, outputs: number, inputs: number): TensorRow[] {
  return [
    { name: `${name}.weight`, shape: [outputs, inputs] },
    { name: `${name}.bias`, shape: [outputs] },
  ];
}

function pair(name: string, width: number): TensorRow[] {
  return [
    { name: `${name}.weight`, shape: [width] },
    { name: `${name}.bias`, shape: [width] },
  ];
}
