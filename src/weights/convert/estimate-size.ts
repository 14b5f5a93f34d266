import type { Dtype } from '../../base/dtype.js';
import { dtypePlans } from './dtype-plan.js';
import type { CheckpointConfig } from '../checkpoint/read-config.js';
import { bytesPerWeight, type LinearPlan } from '../graph/linear-plan.js';
import { HEAD, listTensors, TABLE } from '../checkpoint/tensor-table.js';

/** Graphs, tokenizer, rotary tables and alignment: 60 MB in PaliGemma 3B. */
const REST_BYTES = 100e6;

/** Running an int4 model took up to 2.6 GB for 1.86 GB of weights, and less since then (docs/performance.md). */
export const MEMORY_PER_WEIGHT_BYTE = 1.4;

/** About how many bytes a checkpoint of these sizes takes once it is converted; a few percent too many. */
export function estimateConvertedBytes(config: CheckpointConfig, dtype: Dtype): number {
  const { rows, shared, gpu } = countBytes(config, dtype);
  return Math.ceil(REST_BYTES + rows + shared + gpu);
}

/** About how many bytes of memory it takes on the CPU: of the embedding table only single rows are read. */
export function estimateMemoryBytes(config: CheckpointConfig, dtype: Dtype): number {
  return Math.ceil(countBytes(config, dtype).shared * MEMORY_PER_WEIGHT_BYTE);
}

/** About how many bytes a checkpoint of these sizes has in bfloat16, which is what is downloaded. */
export function estimateDownloadBytes(config: CheckpointConfig): number {
  const needed = listTensors(config).filter(({ isOptional }) => !isOptional);
  return needed.reduce((sum, { shape }) => sum + 2 * shape.reduce((product, size) => product * size, 1), 0);
}

/** Bytes of tables of which single rows are read, of what the CPU loads, and of what only GPUs load. */
function countBytes(config: CheckpointConfig, dtype: Dtype): { rows: number; shared: number; gpu: number } {
  const plan = dtypePlans[dtype];
  const bytes = { rows: 0, shared: 0, gpu: 0 };
  const addHead = (count: number, matrix: LinearPlan): void => {
    bytes[plan.ranking === undefined ? 'shared' : 'rows'] += count * bytesPerWeight(matrix);
    if (plan.ranking !== undefined) bytes.shared += count * bytesPerWeight(plan.ranking);
  };
  for (const { name, shape, isOptional } of listTensors(config)) {
    if (isOptional) continue;
    const count = shape.reduce((product, size) => product * size, 1);
    if (name === TABLE) {
      bytes.rows += count * (plan.embedding('BF16') === 'F32' ? 4 : 2);
      if (plan.head !== 'rows' && config.isHeadTied) addHead(count, plan.head);
    } else if (name === HEAD) {
      addHead(count, plan.head === 'rows' ? plan.decoders[0].mlp : plan.head);
    } else if (name.startsWith('language_model.')) {
      const part = name.includes('.self_attn.') ? 'attention' : 'mlp';
      for (const decoder of plan.decoders) bytes.shared += count * bytesPerWeight(decoder[part]);
    } else {
      for (const { matrices, forms } of plan.vision) {
        bytes[forms.includes('cpu') ? 'shared' : 'gpu'] += count * bytesPerWeight(matrices);
      }
    }
  }
  return bytes;
}

/** Activations, caches and the runtime beside the weights: PaliGemma 3B at 224 px. */
const RUN_BYTES = 600e6;

/**
 * About how much memory a model of these sizes takes on the CPU: its weights but for the embedding table, of which
 * single rows are read. Those of the vision tower and of a decoder for prompts alone are mapped: the system takes their
 * part back where it is short.
 */
export function estimateRunBytes(config: CheckpointConfig, dtype: Dtype): number {
  const plan = dtypePlans[dtype];
  let unread = 0;
  for (const { name, shape } of listTensors(config)) {
    const count = shape.reduce((product, size) => product * size, 1);
    if (name === 'language_model.embed_tokens.weight') {
      // With a head of its own rows the table is read whole.
      if (plan.head !== 'rows') unread += count * (plan.embedding('BF16') === 'F32' ? 4 : 2);
      if (plan.head !== 'rows' && plan.ranking) unread += count * bytesPerWeight(plan.head);
    } else if (!name.startsWith('language_model.') && name !== 'lm_head.weight') {
      for (const { matrices } of plan.vision.slice(1)) unread += count * bytesPerWeight(matrices);
    }
  }
  return Math.ceil(estimateConvertedBytes(config, dtype) - unread + RUN_BYTES);
}
