import type { Key } from './key.js';
import { addLine, searchHistory } from './history.js';
import { shownText, withText, type InputState, type InputStep, type Search } from './input-state.js';
import { previousGrapheme } from './graphemes.js';

/** Begin to look for a line entered before (Ctrl-R). */
export function startSearch(input: InputState): InputState {
  const search: Search = { query: '', place: undefined, text: input.editor.text };
  return { editor: input.editor, history: input.history, search };
}

/**
 * What a key does while a line is looked for: letters narrow the search, Ctrl-R goes to an older match, Enter sends
 * what is shown, Ctrl-C and Ctrl-G go back to the line before, every other key takes what is shown for editing.
 */
export function reduceSearch(input: InputState, key: Key): InputStep {
  const search = input.search!;
  if (key.type !== 'key') return find(input, search.query + key.text.replace(/\s+/g, ' '), Infinity);
  if (key.name === 'backspace') {
    const query = search.query.slice(0, previousGrapheme(search.query, search.query.length));
    return find(input, query, Infinity);
  }
  if (key.name === 'letter' && key.ctrl) {
    if (key.letter === 'r') return find(input, search.query, search.place ?? Infinity);
    if (key.letter === 'c' || key.letter === 'g') return { input: withText(input, search.text) };
  }
  const text = shownText(input);
  if (key.name !== 'enter' || text.trim() === '') return { input: withText(input, text) };
  return {
    input: { ...withText(input, ''), history: addLine(input.history, text) },
    effect: { type: 'submit', line: text },
  };
}

function find(input: InputState, query: string, before: number): InputStep {
  const search = input.search!;
  const found = query === '' ? undefined : searchHistory(input.history, query, before);
  // If there is no older match, the one shown stays.
  const isSame = query === search.query;
  return {
    input: { ...input, search: { ...search, query, place: found ?? (isSame ? search.place : undefined) } },
  };
}
