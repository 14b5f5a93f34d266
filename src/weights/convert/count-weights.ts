import type { DtypePlan } from './dtype-plan.js';
import type { Checkpoint } from '../checkpoint/open-checkpoint.js';

/**
 * Weights that a conversion writes: those of the vision tower and of the decoder once for each format, the embedding
 * table once more when the head is a copy of it, and the head once more where it has a ranking.
 */
export function countWeights({ tensors }: Checkpoint, plan: DtypePlan, isHeadTied: boolean): number {
  const headCopies = plan.ranking === undefined ? 1 : 2;
  let total = 0;
  for (const [name, { shape }] of tensors) {
    if (name === 'lm_head.weight' && isHeadTied) continue;
    const count = shape.reduce((product, size) => product * size, 1);
    const isVision = name.startsWith('vision_tower.') || name.startsWith('multi_modal_projector.');
    const isTable = name === 'language_model.embed_tokens.weight';
    const isDecoder = name.startsWith('language_model.') && !isTable;
    const copies = isVision
      ? plan.vision.length
      : isDecoder
        ? plan.decoders.length
        : isTable && plan.head !== 'rows' && isHeadTied
          ? 1 + headCopies
          : name === 'lm_head.weight'
            ? headCopies
            : 1;
    total += count * copies;
  }
  return total;
}
