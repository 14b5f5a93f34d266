/** Keeps an evenly spaced selection of items, however many arrive: at most twice as many as wanted. */
export class EvenSampler<Item> {
  readonly #wanted: number;
  #stride = 1;
  #count = 0;
  #items: Item[] = [];

  /** @param wanted 1 or more. */
  constructor(wanted: number) {
    this.#wanted = wanted;
  }

  add(item: Item): void {
    if (this.#count++ % this.#stride !== 0) return;
    this.#items.push(item);
    if (this.#items.length < 2 * this.#wanted) return;
    this.#items = this.#items.filter((_, index) => index % 2 === 0);
    this.#stride *= 2;
  }

  /** As many as wanted, including the first and the last of those kept; fewer when fewer arrived. */
  pick(): Item[] {
    return pickEvenly(this.#items, this.#wanted);
  }
}

/** This many of the items, evenly spaced from the first to the last; all of them when there are fewer. */
export function pickEvenly<Item>(items: readonly Item[], count: number): Item[] {
  if (items.length <= count) return [...items];
  if (count === 1) return items.slice(0, 1);
  return Array.from({ length: count }, (_, i) => items[Math.round((i * (items.length - 1)) / (count - 1))]);
}
