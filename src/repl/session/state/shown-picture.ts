/** A picture as this terminal shows it. */
export interface ShownPicture {
  readonly columns: number;
  readonly rows: number;
  /** What draws it at the cursor; leaves the cursor at the start of the line below. */
  readonly text: string;
  /** The text is plain rows of characters; otherwise an escape sequence that only the terminal understands. */
  readonly isText: boolean;
}
