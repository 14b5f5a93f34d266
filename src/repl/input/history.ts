/** Lines entered before, and where the user is among them. */
export interface History {
  /** Oldest first. */
  readonly lines: readonly string[];
  /** The line shown; `lines.length` is the one being written. */
  readonly place: number;
  /** What was typed over a line, by its place: leaving a line keeps it. */
  readonly drafts: ReadonlyMap<number, string>;
}

/** Lines kept, in memory and on disk. */
export const MAX_HISTORY_LINES = 1000;

export function startHistory(lines: readonly string[]): History {
  const kept = lines.slice(-MAX_HISTORY_LINES);
  return { lines: kept, place: kept.length, drafts: new Map() };
}

/** A line was entered: it becomes the newest, unless it is the newest already; all drafts are gone. */
export function addLine(history: History, line: string): History {
  const isRepeated = history.lines.at(-1) === line;
  return startHistory(isRepeated || line.trim() === '' ? history.lines : [...history.lines, line]);
}

/**
 * Go to an older (-1) or newer (1) line; `text` is kept as the draft of the line that is left.
 * @returns undefined when there is none.
 */
export function moveInHistory(
  history: History,
  step: -1 | 1,
  text: string,
): { history: History; text: string } | undefined {
  const place = history.place + step;
  if (place < 0 || place > history.lines.length) return undefined;
  const drafts = new Map(history.drafts).set(history.place, text);
  return { history: { ...history, place, drafts }, text: drafts.get(place) ?? history.lines[place] ?? '' };
}

/**
 * The newest line before `before` that contains the query, case ignored.
 * @returns its place, or undefined.
 */
export function searchHistory(history: History, query: string, before: number): number | undefined {
  const wanted = query.toLowerCase();
  for (let place = Math.min(before, history.lines.length) - 1; place >= 0; place--) {
    if (history.lines[place].toLowerCase().includes(wanted)) return place;
  }
  return undefined;
}
