import { join } from 'node:path';
import { stat } from 'node:fs/promises';
import { ModelError } from '../../base/errors.js';
import { type AdapterConfig, readAdapterConfig } from './adapter-config.js';
import { type CheckpointTensor, openSafetensors } from '../checkpoint/open-safetensors.js';
import { damagedSafetensors, printable } from '../checkpoint/safetensors-header.js';

export const ADAPTER_WEIGHTS_FILE = 'adapter_model.safetensors';

/** The two small matrices that change one module's weight, and DoRA's length of each row. */
export interface LoraPair {
  /** The module as the adapter names it, such as `model.language_model.layers.0.self_attn.q_proj`. */
  readonly module: string;
  /** [rank, inputs]; of an embedding table [rank, rows]; of a convolution [rank, 3, patch, patch]. */
  readonly a: CheckpointTensor;
  /** [outputs, rank]; of an embedding table [width, rank]; of a convolution [outputs, rank, 1, 1]. */
  readonly b: CheckpointTensor;
  readonly isEmbedding: boolean;
  /** One value an output; of a convolution [1, outputs, 1, 1]. */
  readonly magnitude?: CheckpointTensor;
}

/** A tensor that takes the place of the base model's. */
export interface Replacement {
  /** As the adapter names it. */
  readonly name: string;
  readonly tensor: CheckpointTensor;
}

/** An open PEFT adapter. Close it. */
export interface Adapter {
  readonly folder: string;
  readonly config: AdapterConfig;
  readonly pairs: readonly LoraPair[];
  readonly replacements: readonly Replacement[];
  close(): Promise<void>;
}

const PREFIX = 'base_model.model.';
/** What follows a module's name; files saved by hand keep the adapter's name, `default`. */
const PART =
  /^(?<module>.+)\.(?<part>lora_A|lora_B|lora_embedding_A|lora_embedding_B|lora_magnitude_vector)(?:\.default)?(?:\.weight)?$/;

/**
 * Open a PEFT adapter: adapter_config.json and adapter_model.safetensors.
 * @throws {ModelError} there is none, or of a kind that cannot be merged. {DamagedFileError} its file is damaged.
 */
export async function readAdapter(folder: string): Promise<Adapter> {
  const config = await readAdapterConfig(folder);
  const path = join(folder, ADAPTER_WEIGHTS_FILE);
  if (!(await stat(path).catch(() => undefined))?.isFile()) {
    throw new ModelError(
      'ADAPTER_MISSING',
      `${folder} is not an adapter: ${ADAPTER_WEIGHTS_FILE} is missing.`,
      {
        hint: 'An adapter_model.bin must be saved again by PEFT with safe_serialization=True.',
      },
    );
  }
  const file = await openSafetensors(path);
  try {
    return { folder, config, ...sortTensors(file.tensors, path), close: () => file.close() };
  } catch (error) {
    await file.close();
    throw error;
  }
}

function sortTensors(
  tensors: readonly CheckpointTensor[],
  path: string,
): { pairs: LoraPair[]; replacements: Replacement[] } {
  const modules = new Map<string, Map<string, CheckpointTensor>>();
  const replacements: Replacement[] = [];
  for (const tensor of tensors) {
    // Saved by hand, the prefix may be missing: PEFT reads those, too.
    const name = tensor.name.startsWith(PREFIX) ? tensor.name.slice(PREFIX.length) : tensor.name;
    const { module, part } = PART.exec(name)?.groups ?? {};
    if (module !== undefined && part !== undefined) {
      const parts = modules.get(module) ?? new Map<string, CheckpointTensor>();
      modules.set(module, parts.set(part, tensor));
    } else if (name.includes('.lora_')) {
      throw damagedSafetensors(path, `it holds ${printable(tensor.name)}`);
    } else {
      const plain = name.replace(/\.modules_to_save(\.default)?\./, '.').replace('.base_layer.', '.');
      replacements.push({ name: plain, tensor });
    }
  }
  return { pairs: [...modules].map(([module, parts]) => makePair(module, parts, path)), replacements };
}

function makePair(module: string, parts: ReadonlyMap<string, CheckpointTensor>, path: string): LoraPair {
  const isEmbedding = parts.has('lora_embedding_A');
  const a = parts.get(isEmbedding ? 'lora_embedding_A' : 'lora_A');
  const b = parts.get(isEmbedding ? 'lora_embedding_B' : 'lora_B');
  const magnitude = parts.get('lora_magnitude_vector');
  if (!a || !b) throw damagedSafetensors(path, `one of the two matrices for ${printable(module)} is missing`);
  return { module, a, b, isEmbedding, ...(magnitude && { magnitude }) };
}
