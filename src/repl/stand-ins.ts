/** Private characters, one for each text that is stood for; each takes one column. */
const FIRST = 0x100000;
/** Texts that are known at a time: more than the rows of a few windows. */
const COUNT = 2048;
/** Fills the columns that a text takes beyond the first. */
const FILL = '\u{10fffd}';
const STAND_IN = new RegExp(
  `[${String.fromCodePoint(FIRST)}-${String.fromCodePoint(FIRST + COUNT - 1)}]${FILL}*`,
  'gu',
);

/**
 * Characters that stand for text while Ink lays it out, and are replaced by it on the way to the terminal: rows of a
 * picture, whose thousands of colours Ink would take apart at every key, and sequences for terminals that show
 * pictures, which Ink would not let pass.
 */
export class StandIns {
  readonly #texts = new Map<string, string>();
  readonly #characters = new Map<string, string>();
  #next = 0;

  /** What stands for `text`, as wide as the text is: `columns`, 1 or more. The same text has the same stand-in. */
  add(text: string, columns: number): string {
    const known = this.#characters.get(text);
    const character = known ?? this.#take(text);
    return character + FILL.repeat(columns - 1);
  }

  /** The text with all that is stood for in it. */
  resolve(text: string): string {
    return text.replace(
      STAND_IN,
      (found) => this.#texts.get(String.fromCodePoint(found.codePointAt(0)!)) ?? found,
    );
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
