import type { Dtype } from '../base/dtype.js';
import { findKnownSizes, knownSizeNames } from '../weights/checkpoint/known-sizes.js';
import {
  estimateConvertedBytes,
  estimateDownloadBytes,
  estimateMemoryBytes,
} from '../weights/convert/estimate-size.js';

/** One of Google's checkpoints on the hub. */
export interface KnownCheckpoint {
  /** `owner/name`. */
  readonly repository: string;
  /** In bfloat16. */
  readonly downloadBytes: number;
  /** On disk and in memory on the CPU, by form. */
  readonly forms: readonly {
    readonly dtype: Dtype;
    readonly diskBytes: number;
    readonly memoryBytes: number;
  }[];
}

/** `pt` is for fine-tuning, `mix` answers questions. */
const KINDS = ['pt', 'mix'];
/** Forms that are listed: those that pull makes by default. */
const FORMS: readonly Dtype[] = ['int8-int4', 'int8', 'int4'];
/** There is no mix of PaliGemma 1 at 896 pixels. */
const ABSENT = new Set(['google/paligemma-3b-mix-896']);

/**
 * The checkpoints of Google that pali knows by name and size. Those that were fine-tuned for one task
 * (`google/paligemma-3b-ft-*`) have the sizes of the others.
 * @param start of their names, such as `paligemma2`.
 */
export function listKnownCheckpoints(start = 'paligemma'): KnownCheckpoint[] {
  return knownSizeNames.flatMap((name) => {
    const [, text, side] = /^(.*)-(\d+)$/.exec(name)!;
    const config = findKnownSizes(name)!;
    const forms = FORMS.map((dtype) => ({
      dtype,
      diskBytes: estimateConvertedBytes(config, dtype),
      memoryBytes: estimateMemoryBytes(config, dtype),
    }));
    return KINDS.map((kind) => ({
      repository: `google/${text}-${kind}-${side}`,
      downloadBytes: estimateDownloadBytes(config),
      forms,
    })).filter(({ repository }) => !ABSENT.has(repository) && repository.startsWith(`google/${start}`));
  });
}
