/** One thing that a menu offers. */
export interface MenuItem {
  /** What is written into the line. */
  readonly value: string;
  readonly label: string;
  /** Dim, beside the label. */
  readonly note: string;
  /** The line is whole with it: Enter sends it. */
  readonly isWhole?: boolean;
  /** Taking it asks for the next menu: a folder. */
  readonly continues?: boolean;
}

/** What could stand at the cursor. */
export interface Menu {
  /** The stretch of the text that an item replaces. */
  readonly from: number;
  readonly to: number;
  readonly items: readonly MenuItem[];
  /** What Enter takes; -1 for nothing, until the user moves in the menu. */
  readonly selected: number;
}

/** Those that begin with what was typed. */
export function pickItems(
  values: readonly string[],
  typed: string,
  after: string,
  note: (value: string) => string = () => '',
): MenuItem[] {
  const wanted = typed.toLowerCase();
  return values
    .filter((value) => value.toLowerCase().startsWith(wanted))
    .map((value) => ({ value: `${value}${after}`, label: value, note: note(value) }));
}

/** A menu of these; undefined for none. */
export function offer(from: number, to: number, items: readonly MenuItem[]): Menu | undefined {
  return items.length === 0 ? undefined : { from, to, items, selected: 0 };
}
