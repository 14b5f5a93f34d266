import type { DeviceName, Dtype } from '../base/dtype.js';

/** Which model, and where it runs. */
export interface OpenModelOptions {
  /** Its name (see `pali models`), or the folder of a converted model; the demo model when absent. */
  readonly model?: string | undefined;
  /** Its form; the best that is there when absent. */
  readonly dtype?: Dtype | undefined;
  /** Default `auto`. */
  readonly device?: DeviceName | undefined;
  /** `false` loads the model here, even when a server of this user runs (`pali serve`). Default `true`. */
  readonly server?: boolean | undefined;
  /**
   * Ask these servers instead, `http://host:11500`, each request the one with the least to do; their key is read from
   * PALI_API_KEY. They have the model; nothing is loaded here.
   */
  readonly servers?: readonly string[] | undefined;
  /**
   * Ask the workers of this queue instead, `redis://host:6379/0` or `postgres://host/database` (`pali worker`). The
   * packages `bullmq` and `ioredis`, or `bullmq` and `pg`, must be installed; nothing is loaded here.
   */
  readonly queue?: string | undefined;
  /** Fetch pictures from private addresses, too. Default `false`. */
  readonly allowPrivateUrls?: boolean | undefined;
  /** Told what a command would say on stderr, in sentences; nobody is when absent. */
  readonly onNote?: ((sentence: string) => void) | undefined;
  /** Aborted: the model is closed, and what is under way fails with a CancelledError. */
  readonly signal?: AbortSignal | undefined;
}
