import { answerLanguages, taskWords } from '../tasks/parse-task-line.js';
import { completePath, type ListFolder } from './complete-path.js';
import type { Menu, MenuItem } from './menu.js';
import { previewModes, settingDefinitions } from './settings.js';
import { findCommand, slashCommands, type CommandArgument } from './slash-commands.js';
import { splitWords } from './split-words.js';

/** What completion knows of the session. */
export interface CompletionContext {
  readonly models: () => Promise<readonly string[]>;
  readonly devices: readonly string[];
  readonly exportFormats: readonly string[];
  /** Labels of answers and prompts before, newest first. */
  readonly labels: readonly string[];
  readonly listFolder: ListFolder;
}

/**
 * What could stand at the cursor: commands, paths after `@`, task words, languages, labels used before.
 *
 * @param isExplicit the user pressed Tab. Otherwise only what is begun with `/` or `@` is completed.
 */
export async function complete(
  text: string,
  cursor: number,
  context: CompletionContext,
  isExplicit: boolean,
): Promise<Menu | undefined> {
  const before = text.slice(0, cursor);
  if (/^\/[A-Za-z-]*$/.test(before)) return offer(0, cursor, commandItems(before.slice(1).toLowerCase()));
  const command = /^\/([A-Za-z-]+)\s+/.exec(before);
  if (command !== null) {
    const found = findCommand(command[1].toLowerCase());
    return found && completeArgument(found.argument, before, command[0].length, context);
  }
  const word = splitWords(before).at(-1);
  if (word !== undefined && before[word.start] === '@' && word.end === before.length) {
    return completePath(word.value.replace(/^@/, ''), word.start + 1, cursor, context.listFolder);
  }
  return isExplicit ? completeTask(before, cursor, context) : undefined;
}

function commandItems(prefix: string): MenuItem[] {
  return slashCommands
    .filter(({ name }) => name.startsWith(prefix))
    .map(({ name, usage, description, argument, needsArgument }) => ({
      value: argument === 'none' ? `/${name}` : `/${name} `,
      label: usage === '' ? `/${name}` : `/${name} ${usage}`,
      note: description,
      isWhole: !needsArgument,
    }));
}

async function completeArgument(
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
  const pick = (values: readonly string[], notes?: (value: string) => string): Menu | undefined =>
    offer(start, before.length, pickItems(values, typed, '', notes));
  switch (kind) {
    case 'none':
    case 'frame':
      return undefined;
    case 'path':
      return completePath(typed, start, before.length, context.listFolder);
    case 'model':
      return index === 0 ? pick(await context.models()) : undefined;
    case 'device':
      return index === 0 ? pick(context.devices) : undefined;
    case 'preview':
      return index === 0 ? pick(previewModes) : undefined;
    case 'history':
      return index === 0 ? pick(['clear']) : undefined;
    case 'export':
      if (index === 1) return completePath(typed, start, before.length, context.listFolder);
      return index === 0
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

function completeTask(before: string, cursor: number, context: CompletionContext): Menu | undefined {
  const line = before.trimStart();
  const start = cursor - line.length;
  if (/^\S*$/.test(line)) {
    const items = taskWords
      .filter(({ word }) => word.startsWith(line))
      .map(({ word, argument, description }) => ({
        value: argument === 'none' ? word : `${word} `,
        label: word,
        note: description,
      }));
    return offer(start, cursor, items);
  }
  const [word] = line.split(/\s/, 1);
  const task = taskWords.find((one) => one.word === word);
  const rest = line.slice(word.length).trimStart();
  if (task === undefined) return undefined;
  if (task.argument === 'things') return completeThing(rest, cursor, context.labels);
  const takesLanguage = task.argument === 'language' || (task.argument === 'text' && word !== 'ask');
  if (!takesLanguage || /\s/.test(rest)) return undefined;
  const after = task.argument === 'text' ? ' ' : '';
  return offer(cursor - rest.length, cursor, languageItems(rest, after));
}

function completeThing(rest: string, cursor: number, labels: readonly string[]): Menu | undefined {
  const typed = rest.slice(rest.lastIndexOf(';') + 1).trimStart();
  const taken = rest.split(';').map((thing) => thing.trim());
  const free = labels.filter((label) => !taken.slice(0, -1).includes(label) && label !== typed);
  return offer(cursor - typed.length, cursor, pickItems(free, typed, ''));
}

/** A language is found by its code, its English name and its own name. */
function languageItems(typed: string, after: string): MenuItem[] {
  const wanted = typed.toLowerCase();
  return answerLanguages
    .filter(({ code, english, native }) =>
      [code, english, native].some((name) => name.toLowerCase().startsWith(wanted)),
    )
    .map(({ code, english, native }) => ({
      value: `${code}${after}`,
      label: code,
      note: native === english ? native : `${native} (${english})`,
    }));
}

function languageName(code: string): string {
  return answerLanguages.find((language) => language.code === code)?.native ?? '';
}

function pickItems(
  values: readonly string[],
  typed: string,
  after: string,
  note: (value: string) => string = () => '',
): MenuItem[] {
  const wanted = typed.toLowerCase();
  return values
    .filter((value) => value.toLowerCase().startsWith(wanted))
    .map((value) => ({ value: `${value}${after}`, label: value, note: note(value) }));
}

function offer(from: number, to: number, items: readonly MenuItem[]): Menu | undefined {
  return items.length === 0 ? undefined : { from, to, items, selected: 0 };
}
