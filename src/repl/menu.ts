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
  readonly selected: number;
}
