import type { Dtype } from '../../base/dtype.js';
import { dtypePlans } from './dtype-plan.js';
import type { CheckpointConfig } from '../checkpoint/read-config.js';
import { bytesPerWeight } from '../graph/linear-plan.js';
import { listTensors } from '../checkpoint/tensor-table.js';

/** Graphs, tokenizer, rotary tables and alignment: 60 MB in PaliGemma 3B. */
const REST_BYTES = 100e6;

/** About how many bytes a checkpoint of these sizes takes once it is converted; a few percent too many. */
export function estimateConvertedBytes(config: CheckpointConfig, dtype: Dtype): number {
  const plan = dtypePlans[dtype];
  let total = REST_BYTES;
  for (const { name, shape, isOptional } of listTensors(config)) {
    if (isOptional) continue;
    const count = shape.reduce((product, size) => product * size, 1);
    const headBytes = plan.head === 'rows' ? undefined : bytesPerWeight(plan.head);
    if (name === 'language_model.embed_tokens.weight') {
      total += count * (plan.embedding('BF16') === 'F32' ? 4 : 2);
      if (headBytes !== undefined && config.isHeadTied) total += count * headBytes;
    } else if (name === 'lm_head.weight') {
      total += count * (headBytes ?? bytesPerWeight(plan.decoders[0].mlp));
    } else if (name.startsWith('language_model.')) {
      const part = name.includes('.self_attn.') ? 'attention' : 'mlp';
      for (const decoder of plan.decoders) total += count * bytesPerWeight(decoder[part]);
    } else {
      for (const { matrices } of plan.vision) total += count * bytesPerWeight(matrices);
    }
  }
  return Math.ceil(total);
}

/** Activations, caches and the runtime beside the weights: PaliGemma 3B at 224 px. */
const RUN_BYTES = 600e6;

/**
 * About how much memory a model of these sizes takes on the CPU: its weights but for the embedding table, of which
 * single rows are read. Those of the vision tower and of a decoder for prompts alone are mapped: the system takes their
 * part back where it is short.
 */
export function estimateRunBytes(config: CheckpointConfig, dtype: Dtype): number {
  const { embedding, vision } = dtypePlans[dtype];
  let unread = 0;
  for (const { name, shape } of listTensors(config)) {
    const count = shape.reduce((product, size) => product * size, 1);
    if (name === 'language_model.embed_tokens.weight') {
      // With a head of its own rows the table is read whole.
      if (dtypePlans[dtype].head !== 'rows') unread += count * (embedding('BF16') === 'F32' ? 4 : 2);
    } else if (!name.startsWith('language_model.') && name !== 'lm_head.weight') {
      for (const { matrices } of vision.slice(1)) unread += count * bytesPerWeight(matrices);
    }
  }
  return Math.ceil(estimateConvertedBytes(config, dtype) - unread + RUN_BYTES);
}

/** About how many bytes of weights one token of an answer reads: the decoder that writes answers, and the head. */
export function estimateTokenBytes(config: CheckpointConfig, dtype: Dtype): number {
  const { decoders, head, embedding } = dtypePlans[dtype];
  let total = 0;
  for (const { name, shape, isOptional } of listTensors(config)) {
    if (isOptional || !name.startsWith('language_model.')) continue;
    const count = shape.reduce((product, size) => product * size, 1);
    const isTable = name === 'language_model.embed_tokens.weight';
    const rowBytes = embedding('BF16') === 'F32' ? 4 : 2;
    const part = name.includes('.self_attn.') ? 'attention' : 'mlp';
    const tableBytes = head === 'rows' ? rowBytes : bytesPerWeight(head);
    total += count * (isTable ? tableBytes : bytesPerWeight(decoders[0][part]));
  }
  return total;
}
