import type { Key } from './key.js';
import { replaceText } from './editor.js';
import { addLine } from './history.js';
import type { InputState, InputStep } from './input-state.js';
import type { Menu } from './menu.js';

/**
 * What a key does while a menu is open.
 * @returns undefined for a key that the menu does not use: it edits the line as usual.
 */
export function reduceMenu(input: InputState, menu: Menu, key: Key): InputStep | undefined {
  if (key.type !== 'key') return undefined;
  const step = readStep(key);
  if (step !== undefined) {
    const count = menu.items.length;
    const from = menu.selected < 0 && step < 0 ? 0 : menu.selected;
    return { input: { ...input, menu: { ...menu, selected: (from + step + count) % count } } };
  }
  if (key.name === 'escape') return { input: { ...input, menu: undefined } };
  if (key.name === 'tab') return takeItem(input, menu);
  if (key.name !== 'enter' || key.alt || key.shift) return undefined;
  const typed = input.editor.text.slice(menu.from, menu.to);
  const item = menu.items[menu.selected];
  // Nothing selected, or what stands there already: Enter sends the line.
  if (menu.selected < 0 || typed === item.value.trimEnd()) return undefined;
  if (item.isWhole !== true) return takeItem(input, menu);
  const line = item.value.trimEnd();
  return {
    input: {
      editor: { ...input.editor, text: '', cursor: 0 },
      history: addLine(input.history, line),
    },
    effect: { type: 'submit', line },
  };
}

/** Write the selected item into the line, the first when none is. A folder, or a command's name, opens the next menu. */
export function takeItem(input: InputState, menu: Menu): InputStep {
  const item = menu.items[Math.max(0, menu.selected)];
  const editor = replaceText(input.editor, menu.from, menu.to, item.value);
  const next = { editor, history: input.history };
  const continues = item.continues === true || (item.value.startsWith('/') && item.value.endsWith(' '));
  return continues ? { input: next, effect: { type: 'complete', isExplicit: false } } : { input: next };
}

function readStep(key: Extract<Key, { type: 'key' }>): -1 | 1 | undefined {
  if (key.name === 'up' || (key.name === 'tab' && key.shift)) return -1;
  if (key.name === 'down') return 1;
  if (!key.ctrl || key.name !== 'letter') return undefined;
  return key.letter === 'p' ? -1 : key.letter === 'n' ? 1 : undefined;
}
