import type { Activation } from '../../base/model-spec.js';
import { quote, unfit } from './config-file.js';

/** By the names of transformers' ACT2FN. `gelu_new` and `gelu_fast` are the tanh formula written otherwise. */
const NAMES: Readonly<Record<string, Activation>> = {
  gelu_pytorch_tanh: 'gelu-tanh',
  gelu_new: 'gelu-tanh',
  gelu_fast: 'gelu-tanh',
  gelu_accurate: 'gelu-tanh',
  gelu: 'gelu',
  gelu_python: 'gelu',
  quick_gelu: 'quick-gelu',
  relu: 'relu',
  silu: 'silu',
  swish: 'silu',
};

/**
 * The activation that a configuration names; undefined for the usual one.
 * @param field where it stands, for the message.
 * @throws {ModelError} pali does not know it.
 */
export function readActivation(
  name: string | null | undefined,
  path: string,
  field: string,
): Activation | undefined {
  if (name === null || name === undefined) return undefined;
  const activation = Object.hasOwn(NAMES, name) ? NAMES[name] : undefined;
  if (activation === undefined) {
    throw unfit(
      path,
      `${field} is ${quote(name)}; ${Object.keys(NAMES).slice(0, -1).join(', ')} and swish are known`,
    );
  }
  return activation === 'gelu-tanh' ? undefined : activation;
}

/**
 * The decoder's. Gemma says `hidden_act`, where its old value `gelu` always meant the tanh formula; versions of
 * transformers before 5 read `hidden_activation` instead. Gemma 2 says `hidden_activation`.
 * @throws {ModelError} it is unknown, or the two names of Gemma disagree.
 */
export function readTextActivation(
  fields: {
    readonly hidden_act?: string | null | undefined;
    readonly hidden_activation?: string | null | undefined;
  },
  isGemma2: boolean,
  path: string,
): Activation | undefined {
  if (isGemma2) return readActivation(fields.hidden_activation, path, 'text_config.hidden_activation');
  const read = (name: 'hidden_act' | 'hidden_activation'): Activation | undefined =>
    fields[name] === 'gelu' ? undefined : readActivation(fields[name], path, `text_config.${name}`);
  const activation = read('hidden_act');
  const other = fields.hidden_activation;
  if (other !== null && other !== undefined && read('hidden_activation') !== activation) {
    throw unfit(
      path,
      `text_config.hidden_act is ${quote(fields.hidden_act ?? 'gelu_pytorch_tanh')} and hidden_activation ${quote(other)}, ` +
        'of which versions of transformers take the one or the other',
    );
  }
  return activation;
}
