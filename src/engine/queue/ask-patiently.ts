import { setTimeout as wait } from 'node:timers/promises';
import { CancelledError } from '../../base/errors.js';
import { isConnectionError, type ConnectionWatch } from './connection-watch.js';

const RETRY_MS = 1000;

/** How long a server that is away is asked again. */
export interface Patience {
  readonly watch: ConnectionWatch;
  readonly giveUpMs: number;
  /** Nobody is interested any more. */
  readonly isClosed: () => boolean;
}

/**
 * Ask a queue's server, again and again while it is away.
 * @throws what the driver throws, other than that the server is away. {NetworkError} it was away for too long.
 * {CancelledError}
 */
export async function askPatiently<T>(call: () => Promise<T>, patience: Patience): Promise<T> {
  const { watch, giveUpMs, isClosed } = patience;
  for (;;) {
    try {
      return await call();
    } catch (error) {
      if (isClosed()) throw new CancelledError();
      if (!isConnectionError(error)) throw error;
      watch.lost(error);
      if (watch.lostForMs > giveUpMs) throw watch.reason;
      await wait(RETRY_MS);
    }
  }
}
