import { ModelError } from '../../base/errors.js';
import { canonicalName } from '../checkpoint/key-layout.js';
import { endsWithName, matchModules } from './match-module.js';
import type { Checkpoint } from '../checkpoint/open-checkpoint.js';
import type { Adapter } from './read-adapter.js';
import { listSavedModules } from './saved-modules.js';
import { spellName } from './spell-name.js';
import { printable } from '../checkpoint/safetensors-header.js';

/** Modules that hold the embedding table; PEFT saves it beside an adapter by itself when it was resized. */
const TABLES = ['embed_tokens', 'lm_head'];

/**
 * Check an adapter's tensors against its own configuration: every change is one that the configuration names, and
 * every layer that it names is changed. A file with missing layers would give a model that is neither the base nor
 * the fine-tuned one.
 *
 * @throws {ModelError} they do not agree.
 */
export function checkTargets(adapter: Adapter, checkpoint: Checkpoint): void {
  const { config, pairs, replacements } = adapter;
  const saved = listSavedModules(config.modules_to_save ?? [], checkpoint);
  for (const { name } of replacements) {
    const isBias = name.endsWith('.bias') && config.bias !== 'none';
    if (isBias || saved.isNamed(name) || endsWithName(parentOf(name), TABLES)) continue;
    throw disagrees(adapter, `it holds ${printable(name)}, which modules_to_save does not name`);
  }
  const absent = saved.findAbsent(replacements.map(({ name }) => name));
  if (absent !== undefined) throw disagrees(adapter, `${printable(absent)} of modules_to_save is missing`);

  const changed = new Map(pairs.map(({ module }) => [canonicalName(module), module]));
  const linears = [...checkpoint.tensors]
    .filter(([name, { shape }]) => [2, 4].includes(shape.length) && name.endsWith('.weight'))
    .map(([name]) => parentOf(name));
  const isTargeted = findTargets(adapter, [...new Set([...changed.keys(), ...linears])]);
  if (isTargeted === undefined) return;
  for (const [module, name] of changed) {
    if (!isTargeted.has(module)) {
      throw disagrees(adapter, `it changes ${printable(name)}, which target_modules does not name`);
    }
  }
  if (config.layers_to_transform !== undefined && config.layers_to_transform !== null) return;
  const replaced = new Set(replacements.map(({ name }) => canonicalName(parentOf(name))));
  const missing = linears.find(
    (module) => isTargeted.has(module) && !changed.has(module) && !replaced.has(module),
  );
  if (missing !== undefined) {
    throw disagrees(adapter, `target_modules names ${missing}, for which there are no matrices`);
  }
}

/**
 * The canonical modules that target_modules names and exclude_modules does not; undefined when it names none
 * or all. A pattern may be written for the names of any version of transformers.
 */
function findTargets({ config }: Adapter, modules: readonly string[]): ReadonlySet<string> | undefined {
  const { target_modules: targets, exclude_modules: excluded } = config;
  if (targets === null || targets === undefined || targets === 'all-linear') return undefined;
  const named = select(targets, modules);
  const left = select(excluded ?? [], modules);
  return new Set([...named].filter((module) => !left.has(module)));
}

function select(choice: string | readonly string[], modules: readonly string[]): ReadonlySet<string> {
  const spellings = modules.flatMap((module) =>
    spellName(module).map((name): readonly [string, string] => [name, module]),
  );
  const matched =
    typeof choice === 'string'
      ? matchModules(
          choice,
          spellings.map(([name]) => name),
        )
      : undefined;
  return new Set(
    spellings
      .filter(([name]) => (matched ? matched.has(name) : endsWithName(name, choice as readonly string[])))
      .map(([, module]) => module),
  );
}

/**
 * What a rank_pattern or alpha_pattern says for each module; the first key that matches counts, as in PEFT
 * (a key is an expression for the end of the name).
 */
export function findByPattern(
  pattern: Readonly<Record<string, number>>,
  modules: readonly string[],
): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  for (const [key, value] of Object.entries(pattern)) {
    for (const module of matchModules(`(.*\\.)?(${key})`, modules)) {
      if (!found.has(module)) found.set(module, value);
    }
  }
  return found;
}

function parentOf(name: string): string {
  return name.slice(0, name.lastIndexOf('.'));
}

function disagrees({ folder }: Adapter, why: string): ModelError {
  return new ModelError('ADAPTER_UNFIT', `The adapter in ${folder} contradicts itself: ${why}.`, {
    hint: 'adapter_config.json and adapter_model.safetensors must come from the same training.',
  });
}
