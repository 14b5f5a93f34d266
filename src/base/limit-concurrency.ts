import { Semaphore } from './semaphore.js';

/**
 * Let at most so many calls be under way at once; the others wait in order.
 * @param limit 1 or more.
 */
export function limitConcurrency(limit: number): <T>(call: () => Promise<T>) => Promise<T> {
  const turns = new Semaphore(limit);
  return async (call) => {
    const release = await turns.acquire();
    try {
      return await call();
    } finally {
      release();
    }
  };
}
