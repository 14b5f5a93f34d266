import { allOrAbort } from '../base/signals/all-or-abort.js';
import type { SnapshotOptions } from '../hub/download-snapshot.js';
import type { ImportOptions, ImportProgress } from './import-model.js';

/**
 * Convert a checkpoint while its shards are being fetched, each as soon as it has arrived and been checked. When one
 * of the two fails, the other stops too, and the error is thrown.
 *
 * @param fetchShards in the order in which the conversion needs them.
 * @param convert reads a shard when `waitFor` has settled for it.
 */
export async function convertWhileFetching(
  fetchShards: (options: Pick<SnapshotOptions, 'signal' | 'onFile'>) => Promise<unknown>,
  convert: (options: Pick<ImportOptions, 'signal' | 'onProgress' | 'waitFor'>) => Promise<unknown>,
  options: Pick<ImportOptions, 'signal' | 'onProgress'>,
): Promise<void> {
  const arrivals = new Arrivals();
  let last: ImportProgress | undefined;
  const onProgress = (progress: ImportProgress): void => {
    last = progress;
    options.onProgress?.(progress);
  };
  const waitFor = async (file: string): Promise<void> => {
    if (last !== undefined && !arrivals.has(file)) onProgress({ ...last, detail: `waiting for ${file}` });
    await arrivals.waitFor(file);
  };
  const fetchAll = async (signal: AbortSignal): Promise<void> => {
    try {
      await fetchShards({ signal, onFile: (file) => arrivals.add(file) });
    } catch (error) {
      arrivals.fail(error);
      throw error;
    }
  };
  const convertAll = async (signal: AbortSignal): Promise<void> => {
    await convert({ signal, onProgress, waitFor });
  };
  await allOrAbort([fetchAll, convertAll], options.signal);
}

/** Files that are being fetched, and those who wait for them. */
class Arrivals {
  readonly #arrived = new Set<string>();
  #failure: { readonly error: unknown } | undefined;
  #wake: (() => void)[] = [];

  has(file: string): boolean {
    return this.#arrived.has(file);
  }

  /** A file has arrived and been checked. */
  add(file: string): void {
    this.#arrived.add(file);
    this.#wakeAll();
  }

  /** Nothing more will arrive: everyone who waits gets this error. */
  fail(error: unknown): void {
    this.#failure ??= { error };
    this.#wakeAll();
  }

  /** Settles when the file is there. @throws what `fail` was given. */
  async waitFor(file: string): Promise<void> {
    while (!this.has(file)) {
      if (this.#failure !== undefined) throw this.#failure.error;
      await new Promise<void>((wake) => this.#wake.push(wake));
    }
  }

  #wakeAll(): void {
    const waiting = this.#wake;
    this.#wake = [];
    for (const wake of waiting) wake();
  }
}
