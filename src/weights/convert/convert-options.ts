import type { Dtype } from '../../base/dtype.js';
import type { GenerationRules } from '../../base/model-files/generation-rules.js';
import type { ModelManifest } from '../../base/model-manifest.js';
import type { TokenIds } from '../../base/model-spec.js';
import type { WaitForFile } from '../checkpoint/open-arriving-checkpoint.js';

/** What to convert, and how. */
export interface ConvertOptions {
  /** A checkpoint folder in the Hugging Face layout. */
  readonly sourceFolder: string;
  /** Folder to make; must not exist. Removed again when the conversion fails. */
  readonly targetFolder: string;
  readonly dtype: Dtype;
  /** Ids from the checkpoint's tokenizer. */
  readonly tokens: TokenIds;
  /** What the checkpoint says about which tokens may come. */
  readonly generation?: GenerationRules;
  /** What the user should know of it, for the manifest. */
  readonly notes?: readonly string[];
  /** Where the tokenizer lies; beside the checkpoint when absent. */
  readonly tokenizerFolder?: string;
  /** Folder of a PEFT LoRA adapter to merge. */
  readonly adapterFolder?: string;
  /**
   * Where shards of the checkpoint are still being downloaded: see openArrivingCheckpoint. When absent, all are
   * there.
   */
  readonly waitFor?: WaitForFile;
  /** The weights that are on their way are `model.safetensors`, whatever an index says. */
  readonly isSingleFile?: boolean;
  /** The mask decoder (.npz) when there is none beside the checkpoint. */
  readonly maskDecoderFile?: string;
  /** For the manifest: pali's version, and where the checkpoint came from. */
  readonly paliVersion: string;
  readonly source: ModelManifest['source'];
  /**
   * Layers of each tower that are written; the others are given the weights of these, in turn. For models that are only
   * measured. All when absent.
   */
  readonly distinctLayers?: number;
  readonly onProgress?: (progress: ConvertProgress) => void;
  readonly signal?: AbortSignal;
}

/** How far a conversion is. */
export interface ConvertProgress {
  /** `vision`, `embedding`, `decoder`. */
  readonly part: string;
  /** From 0, of `layers`; absent between layers. */
  readonly layer?: number | undefined;
  readonly layers?: number | undefined;
  readonly doneWeights: number;
  readonly totalWeights: number;
}

/** What a converted model takes over of its checkpoint's tokenizer. */
export const TOKENIZER_FILES = ['tokenizer.json', 'tokenizer_config.json'];
