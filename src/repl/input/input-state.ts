import { emptyEditor, setText, type Editor } from './editor.js';
import { startHistory, type History } from './history.js';
import type { Menu } from './menu.js';

/** Ctrl-R: looking for a line entered before. */
export interface Search {
  readonly query: string;
  /** Its place in the history; undefined when there is none. */
  readonly place: number | undefined;
  /** What the line was before. */
  readonly text: string;
}

/** The input line. */
export interface InputState {
  readonly editor: Editor;
  readonly history: History;
  readonly menu?: Menu | undefined;
  readonly search?: Search | undefined;
}

/** What a key means beyond the line itself. */
export type InputEffect =
  | { readonly type: 'submit'; readonly line: string }
  /** Ctrl-C. */
  | { readonly type: 'interrupt' }
  /** Escape, when no menu was open. */
  | { readonly type: 'stop' }
  /** Ctrl-D on an empty line. */
  | { readonly type: 'leave' }
  | { readonly type: 'suspend' }
  /** Space on an empty line, which has been written into it. */
  | { readonly type: 'pause' }
  /** Ctrl-L. */
  | { readonly type: 'clear' }
  /** Look for what could stand at the cursor. */
  | { readonly type: 'complete'; readonly isExplicit: boolean };

/** A line, and what to do about it. */
export interface InputStep {
  readonly input: InputState;
  readonly effect?: InputEffect;
}

export function startInput(lines: readonly string[]): InputState {
  return { editor: emptyEditor, history: startHistory(lines) };
}

/** Another line, without menu and search. */
export function withText(input: InputState, text: string): InputState {
  return { editor: setText(input.editor, text), history: input.history };
}

/** What the search shows, or the line itself. */
export function shownText({ editor, history, search }: InputState): string {
  if (search === undefined) return editor.text;
  return search.place === undefined ? search.text : history.lines[search.place];
}
