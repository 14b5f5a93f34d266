import { ModelError } from '../../base/errors.js';
import { findWrapper } from './key-layout.js';

/**
 * Make sure that a file holds a model, not what some program wrapped it in while it was trained.
 * @param names of all tensors of a file or an index.
 * @throws {ModelError} every name has the wrapper's prefix.
 */
export function refuseWrapped(names: readonly string[], path: string): void {
  const wrapper = findWrapper(names);
  if (wrapper === undefined) return;
  const [prefix, program] = wrapper;
  const hasAdapter = names.some((name) => name.includes('.lora_'));
  const hint = hasAdapter
    ? 'It holds an adapter: give the base model, and this folder with --adapter.'
    : 'Save the model itself again (unwrapped, with save_pretrained), and import that.';
  throw new ModelError(
    'CHECKPOINT_WRAPPED',
    `All names in ${path} begin with "${prefix}", as ${program} leaves them.`,
    { hint },
  );
}
