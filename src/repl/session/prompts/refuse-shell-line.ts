import { UsageError } from '../../../base/errors.js';
import { taskWords } from '../../../tasks/prompts/parse-task-line.js';

/** Commands of pali that begin no sentence: any line that begins with one is meant for a shell. */
export const shellCommands: readonly string[] = [
  ...['bench', 'completion', 'config', 'convert', 'eval', 'gc', 'import', 'login', 'logout', 'mcp'],
  ...['ps', 'pull', 'repl', 'rm', 'serve', 'whoami'],
];
/** Commands of pali that are words of their own (`show me`, `stop sign`): alone or with options they are meant. */
export const wordCommands: readonly string[] = [
  ...['doctor', 'models', 'pack', 'queue', 'review', 'score', 'show', 'stop', 'use', 'worker'],
];

/**
 * Lines that are no prompts, though the model would answer them: commands of a shell, a way out with more words, a
 * lone letter. A line that ends with a question mark is a question.
 * @throws {UsageError} with what to type instead.
 */
export function refuseShellLine(text: string): void {
  if (text.endsWith('?')) return;
  const asked = `As a question: answer ${text}`;
  const [word, second] = text.toLowerCase().split(/\s+/, 2) as [string, string?];
  const refuse = (message: string, hint: string): never => {
    throw new UsageError('COMMAND', message, { hint: `${hint}\n${asked}` });
  };
  if (/^[a-z]$/.test(word) && second === undefined) {
    refuse(
      `'${text}' is a single letter.`,
      'Tasks are words, such as caption or detect cat; /help lists them.',
    );
  }
  if (/^(?:quit|exit)$/.test(word)) refuse(`'${word}' takes nothing more.`, 'Did you mean /quit?');
  const isCommand = (name: string | undefined): boolean =>
    name !== undefined &&
    (shellCommands.includes(name) ||
      wordCommands.includes(name) ||
      taskWords.some((one) => one.word === name));
  const isShell =
    shellCommands.includes(word) ||
    (wordCommands.includes(word) && (second === undefined || second.startsWith('-'))) ||
    (word === 'pali' && isCommand(second));
  if (!isShell) return;
  const line = word === 'pali' ? text : `pali ${text}`;
  refuse('That is a command of pali in a shell.', `Leave with /quit, then: ${line}`);
}
