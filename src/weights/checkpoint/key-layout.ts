import { isIndexBuffer } from './safetensors-header.js';

/**
 * The one name that a tensor has here, from any of the five layouts found on disk:
 * `language_model.layers.N...`, `language_model.embed_tokens.weight`, `language_model.norm.weight`,
 * `lm_head.weight`, `vision_tower.encoder...`, `multi_modal_projector.linear.{weight,bias}`.
 *
 * The layouts differ only in prefixes: the hub's `language_model.model.` and `vision_tower.vision_model.`,
 * transformers 4.52's leading `model.`, version 5 without `vision_model`. A name that belongs to no layout
 * comes back unchanged and is reported as surplus later.
 */
export function canonicalName(name: string): string {
  return name
    .replace(/^model\./, '')
    .replace(/^language_model\.lm_head\./, 'lm_head.')
    .replace(/^language_model\.model\./, 'language_model.')
    .replace(/^vision_tower\.vision_model\./, 'vision_tower.');
}

/** Prefixes that programs put before every name when they save the wrapper of a model in place of the model. */
const WRAPPERS: readonly (readonly [string, string])[] = [
  ['_orig_mod.', 'torch.compile'],
  ['module.', 'DataParallel or DeepSpeed'],
  ['_fsdp_wrapped_module.', 'FSDP'],
  ['base_model.model.', 'PEFT'],
  ['paligemma_with_expert.', 'a policy for robots (pi0)'],
];

/** Who wrapped the model, when every name says so: its prefix, and the program. */
export function findWrapper(names: readonly string[]): readonly [string, string] | undefined {
  if (names.length === 0) return undefined;
  return WRAPPERS.find(([prefix]) => names.every((name) => name.startsWith(prefix)));
}

/**
 * Tensors that some checkpoints hold and PaliGemma does not use: buffers that old versions saved, and SigLIP's own
 * pooling head.
 * @param name as the file has it.
 */
export function isUnused(name: string): boolean {
  return isIndexBuffer(name) || canonicalName(name).startsWith('vision_tower.head.');
}
