import type { ResultItem } from '../result-item.js';

export type Mark = 'accepted' | 'rejected';

/** What the reader said of a result. */
export interface ItemMark {
  readonly mark?: Mark | undefined;
  /** Places of objects that are wrong. */
  readonly rejectedObjects: readonly number[];
}

/** The reader's marks. They stay in the browser, where it has a place for them, until they are taken back. */
export class Marks {
  readonly #items: readonly ResultItem[];
  readonly #marks = new Map<number, ItemMark>();
  readonly #place: string;
  readonly #numbers: ReadonlyMap<ResultItem, number>;

  constructor(items: readonly ResultItem[]) {
    this.#items = items;
    this.#numbers = new Map(items.map((item, number) => [item, number]));
    this.#place = `pali-marks-${digest(items)}`;
    this.#load();
  }

  of(item: ResultItem): ItemMark | undefined {
    return this.#marks.get(this.#numbers.get(item)!);
  }

  /** Set a mark; the one that is there already is taken back. */
  toggle(item: ResultItem, mark: Mark): void {
    const before = this.of(item);
    this.#set(item, {
      rejectedObjects: before?.rejectedObjects ?? [],
      mark: before?.mark === mark ? undefined : mark,
    });
  }

  toggleObject(item: ResultItem, index: number): void {
    const { mark, rejectedObjects: rejected } = this.of(item) ?? { rejectedObjects: [] };
    const others = rejected.filter((one) => one !== index);
    const isBack = others.length < rejected.length;
    this.#set(item, { mark, rejectedObjects: isBack ? others : [...others, index].sort((a, b) => a - b) });
  }

  count(mark: Mark): number {
    return [...this.#marks.values()].filter((one) => one.mark === mark).length;
  }

  get isEmpty(): boolean {
    return this.#marks.size === 0;
  }

  /** One line of JSON for each result that has a mark, in the order of the results. */
  toJsonLines(): string {
    const numbers = [...this.#marks.keys()].sort((a, b) => a - b);
    return numbers
      .map((number) => {
        const { input, task, prompt, frame } = this.#items[number];
        const { mark, rejectedObjects } = this.#marks.get(number)!;
        const line = { result: number, input, task, prompt, ...(frame && { frame: frame.index }) };
        return `${JSON.stringify({ ...line, ...(mark && { mark }), rejectedObjects })}\n`;
      })
      .join('');
  }

  #set(item: ResultItem, mark: ItemMark): void {
    const number = this.#numbers.get(item)!;
    if (mark.mark === undefined && mark.rejectedObjects.length === 0) this.#marks.delete(number);
    else this.#marks.set(number, mark);
    try {
      localStorage.setItem(this.#place, JSON.stringify([...this.#marks]));
    } catch {
      // Private windows and full stores: the marks last as long as the page.
    }
  }

  #load(): void {
    try {
      const kept = JSON.parse(localStorage.getItem(this.#place) ?? '[]') as [number, ItemMark][];
      for (const [number, mark] of kept) if (number < this.#items.length) this.#marks.set(number, mark);
    } catch {
      this.#marks.clear();
    }
  }
}

/** Tells the results of one file from those of another (FNV-1a over names, prompts and answers). */
function digest(items: readonly ResultItem[]): string {
  let hash = 0x811c9dc5;
  for (const { input, prompt, text = '', frame } of items) {
    for (const character of `${input}\n${frame?.index ?? ''}\n${prompt}\n${text}\n`) {
      hash = Math.imul(hash ^ character.codePointAt(0)!, 0x01000193);
    }
  }
  return (hash >>> 0).toString(16);
}
