import type { DtypePlan } from './dtype-plan.js';
import type { Checkpoint } from '../checkpoint/open-checkpoint.js';

/**
 * Weights that a conversion writes: those of the vision tower once for each format, the embedding table once more when
 * the head is a copy of it.
 */
export function countWeights({ tensors }: Checkpoint, plan: DtypePlan, isHeadTied: boolean): number {
  let total = 0;
  for (const [name, { shape }] of tensors) {
    if (name === 'lm_head.weight' && isHeadTied) continue;
    const count = shape.reduce((product, size) => product * size, 1);
    const isVision = name.startsWith('vision_tower.') || name.startsWith('multi_modal_projector.');
    const isCopied = name === 'language_model.embed_tokens.weight' && plan.head === 'q8' && isHeadTied;
    total += count * (isVision ? plan.vision.length : isCopied ? 2 : 1);
  }
  return total;
}
