import type { Dtype } from '../base/dtype.js';
import type { DownloadProgress } from '../hub/download-file.js';
import type { ImportProgress } from './import-model.js';

/** Files of ours in the store that are not models. */
export const DOWNLOADS_FOLDER = '.downloads';

/** What happens during a pull, in this order. */
export type PullEvent =
  | { readonly type: 'plan'; readonly plan: PullPlan }
  | { readonly type: 'download'; readonly progress: DownloadProgress }
  | { readonly type: 'import'; readonly progress: ImportProgress }
  | { readonly type: 'note'; readonly sentence: string }
  | { readonly type: 'waiting'; readonly for: string };

/** What a pull is about to do. */
export interface PullPlan {
  readonly repository: string;
  readonly revision: string;
  readonly licence: string | undefined;
  /** Still to be fetched, checkpoint only. */
  readonly downloadBytes: number;
  /** About what the converted model will take. */
  readonly convertedBytes: number;
  /** About how much memory it will take to run on the CPU. */
  readonly memoryBytes: number;
  readonly freeBytes: number;
}

/** What to pull. */
export interface PullOptions {
  /** `owner/name`. */
  readonly repository: string;
  readonly dtype: Dtype;
  /** Name in the store; the repository's own when absent. */
  readonly name?: string | undefined;
  readonly revision?: string | undefined;
  /** A LoRA adapter: a folder, or a repository. */
  readonly adapter?: string | undefined;
  /** Another address of the mask decoder. */
  readonly maskDecoderUrl?: string | undefined;
  /** Leave the mask decoder out when the repository has none. */
  readonly isWithoutMasks?: boolean | undefined;
  /** Its weights are never packed ahead. */
  readonly isUnpacked?: boolean | undefined;
  /** The store's folder. */
  readonly store: string;
  readonly signal?: AbortSignal | undefined;
  readonly onEvent?: ((event: PullEvent) => void) | undefined;
}

/** The outcome of a pull. */
export interface PulledModel {
  readonly name: string;
  readonly folder: string;
  readonly imageSize: number;
  /** The model was there already, from the same commit. */
  readonly isOld: boolean;
}
