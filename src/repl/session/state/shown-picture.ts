/** A picture as this terminal shows it. */
export interface ShownPicture {
  readonly columns: number;
  readonly rows: number;
  /** What draws it at the cursor, ending at the start of the line below. */
  readonly text: string;
  /** The text is plain rows of characters; otherwise a sequence that only the terminal understands. */
  readonly isText: boolean;
}
