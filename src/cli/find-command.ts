import { existsSync } from 'node:fs';
import { UsageError } from '../base/errors.js';
import { findNearestName } from '../base/nearest-name.js';
import { isPictureUrl } from '../net/is-http-url.js';
import { isAddress, isCamera } from '../tasks/inputs/media-input.js';
import { findFirstWord, listNames } from './find-first-word.js';
import type { OptionDefinition } from './options/command-definition.js';

/**
 * The same words with their command first: it may come after options. Nothing, options alone, and pictures are a
 * session about them.
 * @throws {UsageError} the first word is neither a command nor a picture.
 */
export function findCommand(
  argv: readonly string[],
  options: readonly OptionDefinition[],
  names: readonly string[],
): string[] {
  const { at, flags } = findFirstWord(argv, options);
  if (flags.includes('--version') || flags.includes('-V')) return ['--version'];
  if (at === argv.length)
    return flags.some((flag) => flag === '--help' || flag === '-h') ? ['--help'] : ['repl', ...argv];
  const word = argv[at];
  if (names.includes(word)) return [word, ...argv.slice(0, at), ...argv.slice(at + 1)];
  if (!isCamera(word) && (isPictureUrl(word) || existsSync(word))) return ['repl', ...argv];
  // The word may be the value of a misspelled option, which the parser then names.
  const known = new Set(['-h', '--help', ...options.flatMap((option) => listNames(option.flags))]);
  if (flags.some((flag) => !known.has(flag))) return ['repl', ...argv];
  throw unknownCommand(word, names);
}

function unknownCommand(name: string, names: readonly string[]): UsageError {
  if (isAddress(name) || isCamera(name)) {
    return new UsageError(
      'UNKNOWN_COMMAND',
      'The session opens with pictures and video files, not with cameras or streams.',
      {
        hint: 'Name what to do with them: pali caption INPUT',
      },
    );
  }
  if (/[./\\]/.test(name)) {
    return new UsageError('UNKNOWN_COMMAND', `'${name}' is neither a command nor a file.`, {
      hint: 'Check the path; a name with spaces needs quotes.',
    });
  }
  const nearest = findNearestName(name, names);
  return new UsageError('UNKNOWN_COMMAND', `There is no command '${name}'.`, {
    hint: nearest === undefined ? 'List the commands with: pali --help' : `Did you mean: pali ${nearest}`,
  });
}
