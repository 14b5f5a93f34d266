import { stripControl } from '../../base/strip-control.js';
import type { Key } from './key.js';
import {
  deleteTo,
  emptyEditor,
  insertText,
  killTo,
  killWordBefore,
  moveCursor,
  setText,
  transpose,
  type Editor,
} from './editor.js';
import { addLine, moveInHistory } from './history.js';
import type { InputState, InputStep } from './input-state.js';
import { reduceMenu } from './reduce-menu.js';
import { reduceSearch, startSearch } from './reduce-search.js';
import { toReferences } from './to-references.js';

/** What a key does to the input line. */
export function reduceInput(input: InputState, key: Key): InputStep {
  if (input.search !== undefined) return reduceSearch(input, key);
  const inMenu = input.menu && reduceMenu(input, input.menu, key);
  if (inMenu !== undefined) return inMenu;
  switch (key.type) {
    case 'paste':
      return write(input, toReferences(key.text, input.editor) ?? cleanPaste(key.text));
    case 'text':
      if (key.text === ' ' && input.editor.text.trim() === '') return pressSpace(input);
      return write(input, toReferences(key.text, input.editor) ?? key.text);
    case 'key':
      return key.name === 'letter' ? reduceLetter(input, key) : reduceNamed(input, key);
  }
}

type NamedKey = Extract<Key, { type: 'key' }>;

function reduceNamed(input: InputState, key: NamedKey): InputStep {
  const { editor } = input;
  const byWord = key.ctrl || key.alt;
  switch (key.name) {
    case 'enter':
      return key.alt || key.shift ? write(input, '\n') : enter(input);
    case 'tab':
      return { input, effect: { type: 'complete', isExplicit: true } };
    case 'escape':
      return { input: closeMenu(input), effect: { type: 'stop' } };
    case 'backspace':
      return edit(input, byWord ? killTo(editor, 'word-left') : deleteTo(editor, 'left'));
    case 'delete':
      return edit(input, byWord ? killTo(editor, 'word-right') : deleteTo(editor, 'right'));
    case 'left':
      return move(input, moveCursor(editor, byWord ? 'word-left' : 'left'));
    case 'right':
      return move(input, moveCursor(editor, byWord ? 'word-right' : 'right'));
    case 'home':
      return move(input, moveCursor(editor, key.ctrl ? 'start' : 'line-start'));
    case 'end':
      return move(input, moveCursor(editor, key.ctrl ? 'end' : 'line-end'));
    case 'up':
      return goUp(input);
    case 'down':
      return goDown(input);
    case 'page-up':
    case 'page-down':
    case 'letter':
      return { input };
  }
}

function reduceLetter(input: InputState, key: NamedKey): InputStep {
  const { editor } = input;
  const name = `${key.ctrl ? 'ctrl-' : 'alt-'}${key.letter ?? ''}`;
  switch (name) {
    case 'ctrl-a':
      return move(input, moveCursor(editor, 'line-start'));
    case 'ctrl-e':
      return move(input, moveCursor(editor, 'line-end'));
    case 'ctrl-b':
      return move(input, moveCursor(editor, 'left'));
    case 'ctrl-f':
      return move(input, moveCursor(editor, 'right'));
    case 'alt-b':
      return move(input, moveCursor(editor, 'word-left'));
    case 'alt-f':
      return move(input, moveCursor(editor, 'word-right'));
    case 'ctrl-p':
      return goUp(input);
    case 'ctrl-n':
      return goDown(input);
    case 'ctrl-u':
      return edit(input, killTo(editor, 'line-start'));
    case 'ctrl-k':
      return edit(input, killTo(editor, 'line-end'));
    case 'ctrl-w':
      return edit(input, killWordBefore(editor));
    case 'alt-d':
      return edit(input, killTo(editor, 'word-right'));
    case 'ctrl-y':
      return edit(input, insertText(editor, editor.killed));
    case 'ctrl-t':
      return edit(input, transpose(editor));
    case 'ctrl-j':
      return write(input, '\n');
    case 'ctrl-r':
      return { input: startSearch(input) };
    case 'ctrl-l':
      return { input, effect: { type: 'clear' } };
    case 'ctrl-z':
      return { input, effect: { type: 'suspend' } };
    case 'ctrl-c':
      return { input, effect: { type: 'interrupt' } };
    case 'ctrl-d':
      if (editor.text === '') return { input, effect: { type: 'leave' } };
      return edit(input, deleteTo(editor, 'right'));
    default:
      return { input };
  }
}

/** A backslash at the end of the line asks for another line, as in a shell. */
function enter(input: InputState): InputStep {
  const { editor, history } = input;
  if (editor.text.endsWith('\\') && editor.cursor === editor.text.length) {
    return edit(input, insertText(deleteTo(editor, 'left'), '\n'));
  }
  const line = editor.text;
  if (line.trim() === '') return { input: { editor: emptyEditor, history } };
  const next = { editor: { ...emptyEditor, killed: editor.killed }, history: addLine(history, line) };
  return { input: next, effect: { type: 'submit', line } };
}

function goUp(input: InputState): InputStep {
  const moved = moveCursor(input.editor, 'up');
  return moved.cursor === input.editor.cursor ? browse(input, -1) : move(input, moved);
}

function goDown(input: InputState): InputStep {
  const moved = moveCursor(input.editor, 'down');
  return moved.cursor === input.editor.cursor ? browse(input, 1) : move(input, moved);
}

function browse(input: InputState, step: -1 | 1): InputStep {
  const found = moveInHistory(input.history, step, input.editor.text);
  if (found === undefined) return { input };
  return { input: { editor: setText(input.editor, found.text), history: found.history } };
}

/** On an empty line, or one of spaces, it also pauses a video. */
function pressSpace(input: InputState): InputStep {
  return { ...write(input, ' '), effect: { type: 'pause' } };
}

/** Text was typed or pasted: what follows `/` or `@` may be completed. */
function write(input: InputState, text: string): InputStep {
  return edit(input, insertText(input.editor, text));
}

function edit(input: InputState, editor: Editor): InputStep {
  return { input: { ...closeMenu(input), editor }, effect: { type: 'complete', isExplicit: false } };
}

function move(input: InputState, editor: Editor): InputStep {
  return { input: { ...closeMenu(input), editor } };
}

function closeMenu({ editor, history }: InputState): InputState {
  return { editor, history };
}

/** Control characters of a paste would not be seen and yet be sent. */
function cleanPaste(text: string): string {
  return stripControl(text);
}
