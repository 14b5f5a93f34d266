import type { Checkpoint } from '../checkpoint/open-checkpoint.js';
import { canonicalName } from '../checkpoint/key-layout.js';
import { spellName } from './spell-name.js';

/** Which tensors of an adapter `modules_to_save` stands for. */
export interface SavedModules {
  /** A module that the list names is the tensor's, or holds it. @param name of a tensor, as the adapter has it. */
  isNamed(name: string): boolean;
  /** The list names it, and the model has nothing of the kind. */
  isOfNoUse(name: string): boolean;
  /** The first entry of the list that the model has and none of these tensors belongs to. */
  findAbsent(names: readonly string[]): string | undefined;
}

/**
 * Read `modules_to_save` as PEFT does: an entry stands for every module whose name ends with it (`norm` for all the
 * norms), and one that ends no name for nothing.
 */
export function listSavedModules(entries: readonly string[], { tensors }: Checkpoint): SavedModules {
  const modules = new Set([...tensors.keys(), 'lm_head.weight'].flatMap(listParents).flatMap(spellName));
  const isHere = (entry: string): boolean => [...modules].some((module) => module.endsWith(entry));
  const names = (entry: string, name: string): boolean =>
    listParents(name).some((module) => module.endsWith(entry));
  return {
    isNamed: (name) => entries.some((entry) => names(entry, name)),
    isOfNoUse: (name) =>
      !tensors.has(canonicalName(name)) && entries.some((entry) => names(entry, name) && !isHere(entry)),
    findAbsent: (given) =>
      entries.find((entry) => isHere(entry) && !given.some((name) => names(entry, name))),
  };
}

/** The modules that a tensor lies in, the outermost first. */
function listParents(name: string): string[] {
  const parts = name.split('.');
  return parts.slice(1).map((_, i) => parts.slice(0, i + 1).join('.'));
}
