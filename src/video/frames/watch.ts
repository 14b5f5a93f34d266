/** Hand the items on, telling of each as it passes. */
export async function* watch<Item>(
  items: AsyncIterable<Item>,
  tell: (item: Item) => void,
): AsyncGenerator<Item, void, undefined> {
  for await (const item of items) {
    tell(item);
    yield item;
  }
}
