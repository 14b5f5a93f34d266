import type { Dtype } from '../../../src/base/dtype.js';
import type { CheckpointConfig } from '../../../src/weights/checkpoint/read-config.js';
import { listTensors } from '../../../src/weights/checkpoint/tensor-table.js';
import { dtypePlans } from '../../../src/weights/convert/dtype-plan.js';
import { bytesPerWeight } from '../../../src/weights/graph/linear-plan.js';

/** About how many bytes of weights one token of an answer reads: the decoder that writes answers, and the head. */
export function estimateTokenBytes(config: CheckpointConfig, dtype: Dtype): number {
  const plan = dtypePlans[dtype];
  const { decoders, head, ranking } = plan;
  let total = 0;
  for (const { name, shape, isOptional } of listTensors(config)) {
    if (isOptional || !name.startsWith('language_model.')) continue;
    const count = shape.reduce((product, size) => product * size, 1);
    const isTable = name === 'language_model.embed_tokens.weight';
    const rowBytes = plan.embedding('BF16') === 'F32' ? 4 : 2;
    const part = name.includes('.self_attn.') ? 'attention' : 'mlp';
    const tableBytes = head === 'rows' ? rowBytes : bytesPerWeight(ranking ?? head);
    total += count * (isTable ? tableBytes : bytesPerWeight(decoders[0][part]));
  }
  return total;
}
