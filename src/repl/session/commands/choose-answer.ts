import { UsageError } from '../../../base/errors.js';
import type { SessionState, SessionAnswer } from '../state/session-state.js';

/** An answer, and the words of the command that are not about which. */
export interface ChosenAnswer {
  readonly answer: SessionAnswer;
  readonly words: readonly string[];
}

/**
 * The answer that a command is about: the last one, or an earlier one by its number in front.
 *
 * @param most words that the command takes without a number; a number is a number only in front of them all, so that a
 * file may be called 3.
 * @throws {UsageError} there is none, or none with this number.
 */
export function chooseAnswer(
  { answers, lastAnswer }: Pick<SessionState, 'answers' | 'lastAnswer'>,
  words: readonly string[],
  most: number,
): ChosenAnswer {
  if (lastAnswer === undefined) {
    throw new UsageError('COMMAND', 'There is no answer yet.', {
      hint: 'Ask something first, such as: detect cat',
    });
  }
  const [first = '', ...rest] = words;
  if (words.length <= most || !/^\d{1,6}$/.test(first)) return { answer: lastAnswer, words };
  const answer = answers.find(({ number }) => number === Number(first));
  if (answer !== undefined) return { answer, words: rest };
  const [oldest] = answers;
  const range = answers.length === 1 ? `${oldest.number}` : `${oldest.number} to ${lastAnswer.number}`;
  throw new UsageError('COMMAND', `There is no answer ${first}.`, {
    hint: `Those that are kept: ${range}. /answers lists them.`,
  });
}
