/**
 * Read a source as fast as it gives, whatever the reader's pace: of what came while the reader was busy it gets the
 * newest, the others are dropped. What came last is always given.
 *
 * @param onDrop told of each one that nobody will see.
 * @throws what the source throws, after what came before it.
 */
export async function* latestOnly<Item>(
  source: AsyncIterator<Item>,
  onDrop: (item: Item) => void,
): AsyncGenerator<Item, void, undefined> {
  let newest: { readonly item: Item } | undefined;
  let end: { readonly error?: unknown } | undefined;
  let hasLeft = false;
  let wake = (): void => undefined;
  const readAll = async (): Promise<void> => {
    for (let next = await source.next(); next.done !== true; next = await source.next()) {
      if (newest !== undefined) onDrop(newest.item);
      if (hasLeft) return onDrop(next.value);
      newest = { item: next.value };
      wake();
    }
  };
  void readAll()
    .then(
      () => (end = {}),
      (error: unknown) => (end = { error }),
    )
    .finally(() => wake());
  try {
    for (;;) {
      if (newest !== undefined) {
        const { item } = newest;
        newest = undefined;
        yield item;
      } else if (end !== undefined) {
        if ('error' in end) throw end.error;
        return;
      } else {
        await new Promise<void>((resolve) => (wake = resolve));
      }
    }
  } finally {
    hasLeft = true;
  }
}
