import { answerLanguages, taskWords } from '../../tasks/prompts/parse-task-line.js';
import { completeArgument, type CompletionContext } from './complete-argument.js';
import { completePath } from './complete-path.js';
import { offer, pickItems, type Menu, type MenuItem } from './menu.js';
import { findCommand, slashCommands } from '../session/commands/slash-commands.js';
import { splitWords } from '../session/split-words.js';

/** Longest text that is completed, UTF-16 units: as long as a prompt may be. What is longer was pasted. */
const MAX_COMPLETED_UNITS = 8000;

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
  if (before.length > MAX_COMPLETED_UNITS) return undefined;
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
