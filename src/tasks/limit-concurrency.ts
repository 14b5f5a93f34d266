/**
 * Let at most so many calls be under way at once; the others wait in order.
 * @param limit 1 or more.
 */
export function limitConcurrency(limit: number): <T>(call: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = [];
  let active = 0;
  return async (call) => {
    // Whoever is woken takes the place of the one that ended.
    if (active >= limit) await new Promise<void>((wake) => waiting.push(wake));
    else active++;
    try {
      return await call();
    } finally {
      const next = waiting.shift();
      if (next === undefined) active--;
      else next();
    }
  };
}
