/** Private-use characters, one for each text they stand for; each takes one column. */
const FIRST = 0x100000;
/** Texts remembered at a time: more than the rows of many windows. */
const COUNT = 4096;
const PLACEHOLDER = new RegExp(
  `[${String.fromCodePoint(FIRST)}-${String.fromCodePoint(FIRST + COUNT - 1)}]`,
  'gu',
);

/**
 * Characters that stand for whole lines while Ink lays them out, and are replaced by them on the way to the terminal.
 * Our lines fit the window already, and Ink would take each of their characters and colours apart at every key; the
 * sequences of terminals that show pictures it would not let pass.
 */
export class Placeholders {
  readonly #texts = new Map<string, string>();
  readonly #characters = new Map<string, string>();
  #next = 0;

  /** The placeholder for `text`. The same text has the same placeholder. */
  add(text: string): string {
    return this.#characters.get(text) ?? this.#take(text);
  }

  /** `text` is a placeholder and nothing else. */
  has(text: string): boolean {
    return this.#texts.has(text);
  }

  /** The text with its placeholders replaced. */
  resolve(text: string): string {
    return text.replace(PLACEHOLDER, (found) => this.#texts.get(found) ?? found);
  }

  #take(text: string): string {
    const character = String.fromCodePoint(FIRST + (this.#next++ % COUNT));
    const old = this.#texts.get(character);
    if (old !== undefined) this.#characters.delete(old);
    this.#texts.set(character, text);
    this.#characters.set(text, character);
    return character;
  }
}
