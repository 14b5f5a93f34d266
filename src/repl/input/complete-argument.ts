import { answerLanguages } from '../../tasks/prompts/parse-task-line.js';
import { completePath, type ListFolder } from './complete-path.js';
import { offer, pickItems, type Menu, type MenuItem } from './menu.js';
import { showWords } from '../../render/terminal-picture/show-words.js';
import { settingDefinitions } from '../session/state/settings.js';
import type { CommandArgument } from '../session/commands/slash-commands.js';
import { splitWords } from '../session/split-words.js';

/** What completion knows of the session. */
export interface CompletionContext {
  readonly models: () => Promise<readonly string[]>;
  readonly devices: readonly string[];
  readonly exportFormats: readonly string[];
  /** Labels of answers and prompts before, newest first. */
  readonly labels: readonly string[];
  /** What is open, in the order of /open. */
  readonly openNames: readonly string[];
  readonly listFolder: ListFolder;
}

/**
 * What could follow a command's name. Until something of it is typed Enter sends the line as it is; where a new file
 * is named it always does, unless the user moved in the menu.
 *
 * @param before the line up to the cursor.
 * @param argumentStart where it ends the command's name and the spaces behind it.
 */
export async function completeArgument(
  kind: CommandArgument,
  before: string,
  argumentStart: number,
  context: CompletionContext,
): Promise<Menu | undefined> {
  const menu = await findItems(kind, before, argumentStart, context);
  if (menu === undefined) return undefined;
  const typed = before.slice(menu.from);
  const isNewFile = kind === 'target' || (kind === 'export' && splitWords(before).length > 2);
  if (typed === '' || typed.endsWith('/') || isNewFile) return { ...menu, selected: -1 };
  const whole = menu.items.findIndex(({ value }) => value.trimEnd() === typed);
  return { ...menu, selected: Math.max(0, whole) };
}

async function findItems(
  kind: CommandArgument,
  before: string,
  argumentStart: number,
  context: CompletionContext,
): Promise<Menu | undefined> {
  const words = splitWords(before);
  const last = words.at(-1);
  const isNew = last === undefined || (last.end < before.length && !last.isOpen);
  const start = Math.max(isNew ? before.length : last.start, argumentStart);
  const typed = isNew ? '' : last.value;
  // The command itself is the first word.
  const index = words.length - (isNew ? 0 : 1) - 1;
  const format = /^\d{1,3}$/.test(words[1]?.value ?? '') && index > 0 ? 1 : 0;
  const pick = (values: readonly string[], notes?: (value: string) => string): Menu | undefined =>
    offer(start, before.length, pickItems(values, typed, '', notes));
  switch (kind) {
    case 'none':
    case 'frame':
      return undefined;
    case 'answer':
      return undefined;
    case 'path':
    case 'target':
      return completePath(typed, start, before.length, context.listFolder);
    case 'media': {
      const open = index === 0 ? numberItems(context.openNames, typed) : [];
      const files = await completePath(typed, start, before.length, context.listFolder);
      return offer(start, before.length, [...open, ...(files?.items ?? [])]);
    }
    case 'model':
      return index === 0 ? pick(await context.models()) : undefined;
    case 'device':
      return index === 0 ? pick(context.devices) : undefined;
    case 'preview':
      return index === 0 ? pick(showWords) : undefined;
    case 'history':
      return index === 0 ? pick(['clear']) : undefined;
    case 'export':
      // `/export 3 json out.json`: an earlier answer's number may come first.
      if (index > format) return completePath(typed, start, before.length, context.listFolder);
      return index === format
        ? offer(start, before.length, pickItems(context.exportFormats, typed, ' '))
        : undefined;
    case 'setting':
      return completeSetting(index, typed, start, before.length, words[1]?.value);
  }
}

function completeSetting(
  index: number,
  typed: string,
  from: number,
  to: number,
  key: string | undefined,
): Menu | undefined {
  if (index === 0) {
    const items = settingDefinitions
      .filter((setting) => setting.key.startsWith(typed))
      .map((setting) => ({ value: `${setting.key} `, label: setting.key, note: setting.description }));
    return offer(from, to, items);
  }
  const choices = settingDefinitions.find((setting) => setting.key === key)?.choices ?? [];
  if (index === 1) return offer(from, to, pickItems(choices, typed, '', languageName));
  return index === 2 ? offer(from, to, pickItems(['--save'], typed, '')) : undefined;
}

/** What is open, by its number; nothing to choose from when it is one. */
function numberItems(names: readonly string[], typed: string): MenuItem[] {
  if (names.length < 2) return [];
  return names
    .map((name, index) => ({ value: String(index + 1), label: String(index + 1), note: `open: ${name}` }))
    .filter(({ value }) => value.startsWith(typed));
}

function languageName(code: string): string {
  return answerLanguages.find((language) => language.code === code)?.native ?? '';
}
