/**
 * Convert inputs, up to `limit` at a time, and yield the results in input order, each as soon
 * as it and all before it are ready. No more than `limit` inputs are read ahead.
 *
 * @param limit 1 or more.
 * @throws what `convert` or the inputs throw, in its turn.
 */
export async function* mapInOrder<In, Out>(
  inputs: AsyncIterable<In>,
  limit: number,
  convert: (input: In, index: number) => Promise<Out>,
): AsyncGenerator<Out, void, undefined> {
  const iterator = inputs[Symbol.asyncIterator]();
  const pending: Promise<Out>[] = [];
  let arriving: Promise<IteratorResult<In, unknown>> | undefined;
  let hasEnded = false;
  let count = 0;
  try {
    for (;;) {
      if (!hasEnded && pending.length < limit) arriving ??= markHandled(iterator.next());
      if (arriving === undefined && pending.length === 0) return;
      // A slow list of inputs must not hold back a result, nor a slow result the next input.
      const event = await Promise.race([
        ...(pending.length > 0 ? [pending[0].then((value) => ({ value }))] : []),
        ...(arriving === undefined ? [] : [arriving.then((input) => ({ input }))]),
      ]);
      if ('value' in event) {
        void pending.shift();
        yield event.value;
        continue;
      }
      arriving = undefined;
      if (event.input.done === true) hasEnded = true;
      else pending.push(markHandled(convert(event.input.value, count++)));
    }
  } finally {
    const returned = iterator.return?.();
    // A list that is still waiting for its next input cannot return before it arrives.
    if (arriving === undefined) await returned;
    else returned?.catch(() => undefined);
  }
}

/** A failure is thrown when its turn comes; until then it is not an unhandled rejection. */
function markHandled<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined);
  return promise;
}
