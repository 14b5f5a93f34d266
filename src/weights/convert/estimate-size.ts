import type { Dtype } from '../../base/dtype.js';
import { dtypePlans } from './dtype-plan.js';
import type { CheckpointConfig } from '../checkpoint/read-config.js';
import type { LinearFormat } from '../graph/store-linear.js';
import { listTensors } from '../checkpoint/tensor-table.js';

/** Bytes of one weight; blocks of 32 have a float32 scale each. */
const BYTES: Record<LinearFormat, number> = { f32: 4, f16: 2, w8a8: 1, q8: 1 + 4 / 32, q4: 0.5 + 4 / 32 };
/** Graphs, tokenizer, rotary tables and alignment: 60 MB in PaliGemma 3B. */
const REST_BYTES = 100e6;

/** About how many bytes a checkpoint of these sizes takes once it is converted; a few percent too many. */
export function estimateConvertedBytes(config: CheckpointConfig, dtype: Dtype): number {
  const plan = dtypePlans[dtype];
  let total = REST_BYTES;
  for (const { name, shape, isOptional } of listTensors(config)) {
    if (isOptional) continue;
    const count = shape.reduce((product, size) => product * size, 1);
    if (name === 'language_model.embed_tokens.weight') {
      total += count * (plan.embedding('BF16') === 'F32' ? 4 : 2);
      if (plan.head === 'q8' && config.isHeadTied) total += count * BYTES.q8;
    } else if (name === 'lm_head.weight') {
      total += count * BYTES[plan.head === 'q8' ? 'q8' : plan.text];
    } else if (name.startsWith('language_model.')) {
      total += count * BYTES[name.includes('down_proj') ? plan.down : plan.text];
    } else {
      for (const { format } of plan.vision) total += count * BYTES[format];
    }
  }
  return Math.ceil(total);
}
