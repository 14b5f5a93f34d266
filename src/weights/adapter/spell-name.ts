/** A canonical module name as version 5 of transformers, versions 4.52 to 4.57, and older ones have it. */
export function spellName(module: string): string[] {
  const vision = module.replace(/^vision_tower\./, 'vision_tower.vision_model.');
  const old = vision.replace(/^language_model\./, 'language_model.model.');
  const isHead = module === 'lm_head';
  return isHead ? ['lm_head', 'language_model.lm_head'] : [module, `model.${module}`, `model.${vision}`, old];
}
