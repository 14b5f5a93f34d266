import { existsSync } from 'node:fs';
import { extname } from 'node:path';
import { UsageError } from '../../base/errors.js';
import type { TaskName } from '../../base/task-name.js';
import { isAddress, isCamera } from '../../tasks/inputs/media-input.js';

/** What stands first on the command line of the tasks that take words. */
const WORDS: Readonly<Partial<Record<TaskName, { readonly place: string; readonly example: string }>>> = {
  answer: { place: 'the question goes', example: 'what is there?' },
  question: { place: 'the answer goes', example: 'two' },
  detect: { place: 'the things to find go', example: 'dog ; cat' },
  segment: { place: 'the things to find go', example: 'dog ; cat' },
  ask: { place: 'the prompt goes', example: 'caption de' },
};

/**
 * The error for a command line with a picture where the words should be: `pali answer farm.png`, or
 * `pali answer farm.png "how many?"`; or with several things where one belongs: `pali detect cow tractor farm.png`.
 * Undefined where the words may be meant.
 *
 * @param words what stands first.
 * @param names the arguments after it.
 */
export function missingWords(
  task: TaskName,
  words: string,
  names: readonly string[],
): UsageError | undefined {
  const about = WORDS[task];
  const several = severalThings(task, words, names);
  if (several !== undefined) return several;
  if (about === undefined || names.length > 1 || !isMedia(words)) return undefined;
  const [name] = names;
  // A thing to find may have the name of a file that happens to exist: then a picture follows, or should.
  if (name !== undefined && (isMedia(name) || extname(name) !== '' || extname(words) === ''))
    return undefined;
  return new UsageError('USAGE', `${words} stands where ${about.place}.`, {
    hint: `For example: pali ${task} "${name ?? about.example}" ${/\s/.test(words) ? `"${words}"` : words}`,
  });
}

/** Words that follow the first and are no files, where pictures come after them. */
function severalThings(task: TaskName, words: string, names: readonly string[]): UsageError | undefined {
  if (task !== 'detect' && task !== 'segment') return undefined;
  const found = names.findIndex((name) => isMedia(name) || !/^(?:;|\p{L}[\p{L}\p{M}\s'-]*)$/u.test(name));
  // Without any picture, all of them are words.
  const at = found < 0 ? names.length : found;
  if (at < 1 || (found < 0 && isMedia(words))) return undefined;
  const things = [words, ...names.slice(0, at)].filter((name) => name !== ';').join(' ; ');
  return new UsageError(
    'USAGE',
    `${names[0]} is not a picture; put all things to find into one pair of quotes.`,
    {
      hint: `For example: pali ${task} "${things}" ${names[at] ?? 'photo.jpg'}`,
    },
  );
}

function isMedia(word: string): boolean {
  return word === '-' || isAddress(word) || isCamera(word) || existsSync(word);
}
