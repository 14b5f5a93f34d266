import { ModelError } from '../../base/errors.js';
import { adaptTensor } from './adapt-tensor.js';
import { checkTargets, findByPattern } from './adapter-targets.js';
import { listSavedModules, type SavedModules } from './saved-modules.js';
import { canonicalName } from '../checkpoint/key-layout.js';
import type { Checkpoint } from '../checkpoint/open-checkpoint.js';
import type { CheckpointTensor } from '../checkpoint/open-safetensors.js';
import type { Adapter, LoraPair } from './read-adapter.js';
import { printable } from '../checkpoint/safetensors-header.js';
import { HEAD, TABLE } from '../checkpoint/tensor-table.js';

/** A checkpoint with an adapter merged into it. */
export interface AdaptedCheckpoint {
  readonly checkpoint: Checkpoint;
  /** False once only one of the table and the head was trained. */
  readonly isHeadTied: boolean;
  /** Rows of the table, which an adapter with new tokens may have more of than the base. */
  readonly vocabSize: number;
}

/**
 * Merge a LoRA adapter into a checkpoint, without writing anything: changed tensors are made row by row while
 * they are read, so every format works and memory stays small. Closing the result closes both.
 *
 * @throws {ModelError} the adapter does not belong to this checkpoint.
 */
export function applyAdapter(
  checkpoint: Checkpoint,
  adapter: Adapter,
  isHeadTied: boolean,
): AdaptedCheckpoint {
  checkTargets(adapter, checkpoint);
  const tensors = new Map(checkpoint.tensors);
  const table = tensors.get(TABLE);
  const saved = listSavedModules(adapter.config.modules_to_save ?? [], checkpoint);
  for (const { name, tensor } of adapter.replacements) {
    const canonical = canonicalName(name);
    // As PEFT does: a module that this model does not have was saved for another use of it.
    if (saved.isOfNoUse(name)) continue;
    const base = findBase(adapter, checkpoint, canonical, isHeadTied);
    const isTable = canonical === TABLE || canonical === HEAD;
    checkShape(adapter, name, tensor, isTable ? [tensor.shape[0], ...base.shape.slice(1)] : base.shape);
    tensors.set(canonical, tensor);
  }
  const modules = adapter.pairs.map(({ module }) => module);
  const { r, lora_alpha, rank_pattern, alpha_pattern, use_rslora } = adapter.config;
  const ranks = findByPattern(rank_pattern ?? {}, modules);
  const alphas = findByPattern(alpha_pattern ?? {}, modules);
  for (const pair of adapter.pairs) {
    const canonical = canonicalName(`${pair.module}.weight`);
    const base = tensors.get(canonical) ?? findBase(adapter, checkpoint, canonical, isHeadTied);
    const rank = ranks.get(pair.module) ?? r;
    checkPair(adapter, pair, base, rank);
    const scale = (alphas.get(pair.module) ?? lora_alpha) / (use_rslora ? Math.sqrt(rank) : rank);
    tensors.set(canonical, adaptTensor(base, pair, scale));
  }
  const staysTied = isHeadTied && (adapter.config.ensure_weight_tying === true || !isSplit(adapter, saved));
  // What was trained with one of the two changed must run with the other as it was.
  if (!staysTied && table && !tensors.has(HEAD)) tensors.set(HEAD, { ...table, name: HEAD });
  // Saved beside the adapter because it was resized, the head of a tied model is the table.
  if (staysTied && tensors.has(HEAD) && tensors.get(TABLE) === table) tensors.set(TABLE, tensors.get(HEAD)!);
  if (staysTied) tensors.delete(HEAD);
  const vocabSize = tensors.get(TABLE)!.shape[0];
  const headRows = staysTied ? vocabSize : tensors.get(HEAD)!.shape[0];
  if (headRows !== vocabSize) {
    throw unfit(adapter, `its table has ${vocabSize} rows and the output head ${headRows}`);
  }
  const close = async (): Promise<void> => {
    await Promise.all([checkpoint.close(), adapter.close()]);
  };
  return { checkpoint: { ...checkpoint, tensors, close }, isHeadTied: staysTied, vocabSize };
}

/**
 * Whether the adapter trained a copy of the embedding table or the head, which a tied model has in one. What PEFT
 * saves by itself after a table was resized goes into the one that both are.
 */
function isSplit({ pairs, replacements }: Adapter, saved: SavedModules): boolean {
  const names = [
    ...pairs.map(({ module }) => `${module}.weight`),
    ...replacements.filter(({ name }) => saved.isNamed(name)).map(({ name }) => name),
  ];
  return names.map(canonicalName).some((name) => name === TABLE || name === HEAD);
}

function findBase(
  adapter: Adapter,
  { tensors }: Checkpoint,
  name: string,
  isHeadTied: boolean,
): CheckpointTensor {
  const base = tensors.get(name) ?? (name === HEAD && isHeadTied ? tensors.get(TABLE) : undefined);
  if (base) return base;
  throw unfit(adapter, `it changes ${printable(name)}, which the checkpoint does not have`);
}

function checkPair(adapter: Adapter, pair: LoraPair, base: CheckpointTensor, rank: number): void {
  const { module, a, b, isEmbedding, magnitude } = pair;
  const [outputs, ...inputs] = base.shape;
  const isConvolution = inputs.length === 3;
  if (inputs.length !== 1 && !isConvolution) {
    throw unfit(adapter, `it changes ${printable(module)}, which is not a matrix`);
  }
  checkShape(adapter, `${module}.lora_A`, a, isEmbedding ? [rank, outputs] : [rank, ...inputs]);
  const ones = isConvolution ? [1, 1] : [];
  checkShape(adapter, `${module}.lora_B`, b, isEmbedding ? [inputs[0], rank] : [outputs, rank, ...ones]);
  if (adapter.config.use_dora !== true) {
    if (magnitude)
      throw unfit(adapter, `it holds magnitudes for ${printable(module)}, but does not use DoRA`);
    return;
  }
  if (isEmbedding) throw unfit(adapter, 'it uses DoRA on the embedding table');
  if (!magnitude) throw unfit(adapter, `the magnitudes for ${printable(module)} are missing`);
  const wanted = isConvolution ? [1, outputs, 1, 1] : [outputs];
  checkShape(adapter, `${module}.lora_magnitude_vector`, magnitude, wanted);
}

function checkShape(
  adapter: Adapter,
  name: string,
  tensor: CheckpointTensor,
  wanted: readonly number[],
): void {
  if (tensor.shape.join() === wanted.join()) return;
  const shapes = `shape [${tensor.shape.join(', ')}], and [${wanted.join(', ')}] would fit`;
  throw unfit(adapter, `${printable(name)} has ${shapes}`);
}

function unfit({ folder }: Adapter, why: string): ModelError {
  return new ModelError('ADAPTER_UNFIT', `The adapter in ${folder} does not fit the checkpoint: ${why}.`, {
    hint: 'Compare base_model_name_or_path in adapter_config.json with the checkpoint that you gave.',
  });
}
