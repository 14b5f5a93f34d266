/**
 * Read a source as fast as it produces, whatever the reader's pace: the reader gets only the newest of the items that
 * arrived while it was busy; the others are dropped. The last item is always delivered.
 *
 * @param onDrop called for each dropped item.
 * @throws what the source throws, after the items before it.
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
