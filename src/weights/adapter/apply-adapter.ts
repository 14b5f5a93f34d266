import { ModelError } from '../../base/errors.js';
import { adaptTensor } from './adapt-tensor.js';
import { checkTargets, findByPattern } from './adapter-targets.js';
import { canonicalName } from '../checkpoint/key-layout.js';
import type { Checkpoint } from '../checkpoint/open-checkpoint.js';
import type { CheckpointTensor } from '../checkpoint/open-safetensors.js';
import type { Adapter, LoraPair } from './read-adapter.js';
import { printable } from '../checkpoint/safetensors-header.js';

const TABLE = 'language_model.embed_tokens.weight';
const HEAD = 'lm_head.weight';

/** A checkpoint with an adapter merged into it. */
export interface AdaptedCheckpoint {
  readonly checkpoint: Checkpoint;
  /** False once only one of the table and the head was trained. */
  readonly isHeadTied: boolean;
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
  for (const { name, tensor } of adapter.replacements) {
    const canonical = canonicalName(name);
    checkShape(adapter, name, tensor, findBase(adapter, checkpoint, canonical, isHeadTied).shape);
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
  const staysTied = isHeadTied && (adapter.config.ensure_weight_tying === true || !isSplit(adapter));
  // A model trained with only one of the two changed must run with the other unchanged.
  if (!staysTied && table && !tensors.has(HEAD)) tensors.set(HEAD, { ...table, name: HEAD });
  const close = async (): Promise<void> => {
    await Promise.all([checkpoint.close(), adapter.close()]);
  };
  return { checkpoint: { ...checkpoint, tensors, close }, isHeadTied: staysTied };
}

/** Whether the adapter touches the embedding table or the head, which are the same tensor in a tied model. */
function isSplit({ pairs, replacements }: Adapter): boolean {
  const names = [...pairs.map(({ module }) => `${module}.weight`), ...replacements.map(({ name }) => name)];
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
  if (base.shape.length !== 2) throw unfit(adapter, `it changes ${printable(module)}, which is no matrix`);
  const [outputs, inputs] = base.shape as [number, number];
  checkShape(adapter, `${module}.lora_A`, a, [rank, isEmbedding ? outputs : inputs]);
  checkShape(adapter, `${module}.lora_B`, b, [isEmbedding ? inputs : outputs, rank]);
  if (adapter.config.use_dora !== true) {
    if (magnitude)
      throw unfit(adapter, `it holds magnitudes for ${printable(module)}, but does not use DoRA`);
    return;
  }
  if (isEmbedding) throw unfit(adapter, 'it uses DoRA on the embedding table');
  if (!magnitude) throw unfit(adapter, `the magnitudes for ${printable(module)} are missing`);
  checkShape(adapter, `${module}.lora_magnitude_vector`, magnitude, [outputs]);
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
