/**
 * Convert inputs, up to `limit` at a time, and yield the results in input order, each as soon
 * as it and all before it are ready. No more than `limit` inputs are read ahead, and `spare` more whose results are
 * ready.
 *
 * @param limit 1 or more.
 * @param spare results that may wait for one before them, so that a slow one holds up nobody; none when absent.
 * @throws what `convert` or the inputs throw, in its turn.
 */
export async function* mapInOrder<In, Out>(
  inputs: AsyncIterable<In>,
  limit: number,
  convert: (input: In, index: number) => Promise<Out>,
  spare = 0,
): AsyncGenerator<Out, void, undefined> {
  const iterator = inputs[Symbol.asyncIterator]();
  const pending: Promise<Out>[] = [];
  let arriving: Promise<IteratorResult<In, unknown>> | undefined;
  let hasEnded = false;
  let count = 0;
  let unfinished = 0;
  let wake = (): void => undefined;
  const start = async (input: In): Promise<Out> => {
    unfinished++;
    try {
      return await convert(input, count++);
    } finally {
      unfinished--;
      wake();
    }
  };
  try {
    for (;;) {
      const hasRoom = unfinished < limit && pending.length < limit + spare;
      if (!hasEnded && hasRoom) arriving ??= markHandled(iterator.next());
      if (arriving === undefined && pending.length === 0) return;
      // A slow list of inputs must not hold back a result, nor a slow result the next input.
      const finished = new Promise<Finished>((resolve) => (wake = () => resolve('finished')));
      const event = await Promise.race([
        ...(spare > 0 && !hasEnded && arriving === undefined ? [finished] : []),
        ...(pending.length > 0 ? [pending[0].then((value) => ({ value }))] : []),
        ...(arriving === undefined ? [] : [arriving.then((input) => ({ input }))]),
      ]);
      if (event === 'finished') continue;
      if ('value' in event) {
        void pending.shift();
        yield event.value;
        continue;
      }
      arriving = undefined;
      if (event.input.done === true) hasEnded = true;
      else pending.push(markHandled(start(event.input.value)));
    }
  } finally {
    const returned = iterator.return?.();
    // A list that is still waiting for its next input cannot return before it arrives.
    if (arriving === undefined) await returned;
    else returned?.catch(() => undefined);
  }
}

/** One whose turn has not come is ready. */
type Finished = 'finished';

/** A failure is thrown when its turn comes; until then it is not an unhandled rejection. */
function markHandled<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined);
  return promise;
}
