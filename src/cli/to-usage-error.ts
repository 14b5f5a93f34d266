import { existsSync } from 'node:fs';
import { UsageError } from '../base/errors.js';

/**
 * What commander says of a command line, in our words: `error: unknown option '--fromat'`, and on a second line what
 * it takes for meant.
 *
 * @param command the command that was called, if any.
 */
export function toUsageError(message: string, command: string | undefined): UsageError {
  const [what, meant] = message.replace(/^error: /, '').split('\n');
  const sentence = `${what.charAt(0).toUpperCase()}${what.slice(1).replace(/\.$/, '')}.`;
  const unknown = /^unknown option '(.*)'$/s.exec(what)?.[1];
  const help = command === undefined ? 'pali --help' : `pali ${command} --help`;
  const question = meant?.replace(/^\((.*)\)$/, '$1');
  return new UsageError('USAGE', sentence, {
    hint:
      (unknown === undefined ? undefined : explainOption(unknown)) ??
      (question === undefined ? `Help: ${help}` : `${question} Help: ${help}`),
  });
}

/** What may be meant by an option that there is not, where that is known. */
function explainOption(option: string): string | undefined {
  if (existsSync(option)) return `For the file of that name, write: ./${option}`;
  if (/^--(num-)?beams(=|$)/.test(option)) {
    return 'Beam search is not there. Answers are the likeliest token by token, or random with --temperature.';
  }
  if (option === '--json') return 'For JSON: --format json';
  return undefined;
}
