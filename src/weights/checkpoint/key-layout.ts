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
