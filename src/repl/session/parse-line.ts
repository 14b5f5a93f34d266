import { splitWords } from './split-words.js';

/** What a line asks for. */
export type ParsedLine =
  | { readonly type: 'empty' }
  /** `/name argument`. */
  | { readonly type: 'command'; readonly name: string; readonly argument: string }
  /** A task or a question, and the pictures that `@path` named in it; the text may be empty. */
  | { readonly type: 'prompt'; readonly text: string; readonly paths: readonly string[] };

/** What people type to leave or to get help, with or without a slash, and the command that it means. */
const plainCommands: ReadonlyMap<string, string> = new Map([
  ...['exit', 'quit', 'bye', 'q', ':q'].map((word) => [word, 'quit'] as const),
  ...['help', '?'].map((word) => [word, 'help'] as const),
]);

/**
 * Parse a line. `@path` at the start of a word names a picture (quoted when it has spaces); `\@` is an at sign. A
 * line that begins with a slash is a command when a name follows: `/home/me/a.png` is not.
 */
export function parseLine(line: string): ParsedLine {
  const text = line.trim();
  if (text === '') return { type: 'empty' };
  const plain = plainCommands.get(text.toLowerCase());
  if (plain !== undefined) return { type: 'command', name: plain, argument: '' };
  const command = /^\/([A-Za-z][A-Za-z-]*)(?:\s+([^]*))?$/.exec(text);
  if (command !== null) {
    const name = command[1].toLowerCase();
    return { type: 'command', name: plainCommands.get(name) ?? name, argument: (command[2] ?? '').trim() };
  }
  const references = splitWords(text).filter((word) => word.isReference);
  let rest = '';
  let place = 0;
  for (const { start, end } of references) {
    rest += text.slice(place, start);
    place = end;
  }
  rest = `${rest}${text.slice(place)}`.replace(/(^|\s)\\@/g, '$1@');
  return {
    type: 'prompt',
    // To the model, a line break means only the end of the prompt.
    text: rest.replace(/\s+/g, ' ').trim(),
    paths: references.map(({ value }) => value),
  };
}

/**
 * The paths in a line that may consist only of paths, as when files are dropped: quoted, escaped, `file://`.
 * Does not check whether they exist.
 * @returns undefined when the line cannot be a list of paths.
 */
export function readPaths(line: string): string[] | undefined {
  const text = line.trim();
  if (text === '' || text.length > MAX_PATHS_CHARACTERS) return undefined;
  const words = splitWords(text);
  if (words.some((word) => word.isOpen || word.value === '')) return undefined;
  const paths = words.map((word) => word.value);
  return paths.every((path) => LOOKS_LIKE_PATH.test(path)) ? paths : undefined;
}

/** Longest line read as paths, characters: longer pastes are text. */
const MAX_PATHS_CHARACTERS = 16_384;

/** It contains a folder or an extension. */
const LOOKS_LIKE_PATH = /^(?:~?[/\\]|\.{1,2}[/\\]|[A-Za-z]:[/\\]|file:\/\/)|[/\\]|\.\w{2,5}$/;
