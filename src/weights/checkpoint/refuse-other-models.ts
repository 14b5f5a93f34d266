import { ModelError } from '../../base/errors.js';
import { quote } from './config-file.js';

/** What people bring besides PaliGemma, by the beginning of `model_type`; the longer name first. */
const OTHERS: readonly (readonly [string, string])[] = [
  ['colpali', 'ColPali, which finds pages and writes no answers'],
  ['colqwen', 'ColQwen, which finds pages and writes no answers'],
  ['pi0', 'a policy of physical intelligence (pi0), which moves robots and writes no answers'],
  ['shieldgemma', 'ShieldGemma'],
  ['t5gemma', 'T5Gemma'],
  ['gemma', 'Gemma, a language model that is not PaliGemma'],
  ['siglip', 'SigLIP, a vision tower alone'],
  ['qwen', 'Qwen'],
  ['llava', 'LLaVA'],
  ['idefics', 'Idefics'],
  ['smolvlm', 'SmolVLM'],
  ['florence', 'Florence'],
  ['mllama', 'Llama'],
  ['llama', 'Llama'],
  ['internvl', 'InternVL'],
  ['blip', 'BLIP'],
];

/** Classes of transformers whose answers pali gives again. */
const KNOWN_CLASSES = new Set(['PaliGemmaForConditionalGeneration', 'PaliGemmaModel']);

/**
 * Make sure that a configuration is PaliGemma's before anything else of it is read.
 * @throws {ModelError} it is another model's; the sentence says which.
 */
export function refuseOtherModels(config: Readonly<Record<string, unknown>>, path: string): void {
  const type = config['model_type'];
  if (typeof type !== 'string') {
    const other = describeForeign(config);
    if (other !== undefined) throw unknown(path, `is of ${other}`);
    throw unknown(path, `says model_type ${type === undefined ? 'none' : quote(type)}`);
  }
  if (type !== 'paligemma') {
    const other = OTHERS.find(([start]) => type.toLowerCase().startsWith(start))?.[1];
    throw unknown(path, `says model_type ${quote(type)}${other === undefined ? '' : ` (${other})`}`);
  }
  const classes = Array.isArray(config['architectures']) ? (config['architectures'] as unknown[]) : [];
  const strange = classes.find((name) => typeof name !== 'string' || !KNOWN_CLASSES.has(name));
  if (strange !== undefined) throw unknown(path, `is for the class ${quote(strange)}`);
}

/** Programs other than transformers that write a config.json. */
function describeForeign(config: Readonly<Record<string, unknown>>): string | undefined {
  const { type, module, registered_name: registered } = config;
  if (typeof type === 'string' && ('input_features' in config || type.startsWith('pi0'))) {
    return `LeRobot, a policy ${quote(type)} for robots`;
  }
  if (typeof module === 'string' && /keras/.test(module)) return `Keras (${quote(module)})`;
  if (typeof registered === 'string' && /keras/.test(registered)) return `Keras (${quote(registered)})`;
  return undefined;
}

function unknown(path: string, what: string): ModelError {
  return new ModelError('ARCHITECTURE_UNKNOWN', `${path} ${what}; pali runs paligemma.`, {
    hint: 'PaliGemma and PaliGemma 2 checkpoints have model_type "paligemma" and the class PaliGemmaForConditionalGeneration.',
  });
}
