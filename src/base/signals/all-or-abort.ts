import { joinSignals } from './join-signals.js';
/**
 * Run all of these at the same time. The first failure aborts the signal of the others, and is thrown once all of
 * them have ended: nothing keeps running behind the caller's back.
 *
 * @param signal aborts them all.
 */
export async function allOrAbort<T>(
  works: readonly ((signal: AbortSignal) => Promise<T>)[],
  signal?: AbortSignal,
): Promise<T[]> {
  const stopped = new AbortController();
  const either = joinSignals(stopped.signal, signal);
  let failure: { readonly error: unknown } | undefined;
  const results = await Promise.all(
    works.map((work) =>
      work(either).catch((error: unknown) => {
        failure ??= { error };
        stopped.abort();
        return undefined as T;
      }),
    ),
  );
  if (failure !== undefined) throw failure.error;
  return results;
}
