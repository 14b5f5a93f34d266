import { UsageError } from '../../base/errors.js';
import { editDistance } from '../../base/nearest-name.js';
import { languages } from '../../tokens/languages.js';
import { answerTask } from './answer.js';
import { askTask } from './ask.js';
import { captionTask } from './caption.js';
import { describeTask } from './describe.js';
import { detectTask } from './detect.js';
import { ocrTask } from './ocr.js';
import { questionTask } from './question.js';
import { segmentTask } from './segment.js';
import type { Task } from './task.js';

/** What follows the task word in a line. */
export type TaskArgument = 'language' | 'things' | 'text' | 'none';

/** A word that can begin a line. */
export interface TaskWord {
  readonly word: string;
  readonly argument: TaskArgument;
  /** For menus and help. */
  readonly description: string;
}

/** The words that can begin a line, in the order in which people try them. */
export const taskWords: readonly TaskWord[] = [
  { word: 'detect', argument: 'things', description: 'boxes: detect cat ; dog' },
  { word: 'segment', argument: 'things', description: 'masks: segment cat' },
  { word: 'caption', argument: 'language', description: 'a sentence: caption es' },
  { word: 'cap', argument: 'language', description: 'a few words: cap en' },
  { word: 'describe', argument: 'language', description: 'the picture at length' },
  { word: 'answer', argument: 'text', description: 'an answer: answer en how many?' },
  { word: 'question', argument: 'text', description: 'a question with this answer: question en two' },
  { word: 'ocr', argument: 'none', description: 'the text in the picture' },
  { word: 'ask', argument: 'text', description: 'any prompt, sent as it is' },
];

/** The languages that answers may be in: code, English name, native name. */
export const answerLanguages: readonly {
  readonly code: string;
  readonly english: string;
  readonly native: string;
}[] = languages;

/** Shorter words are too close to many others: `as`, `cat`, `car`. */
const SHORTEST_GUESSED = 6;
/** Words in their own right that can begin a question. */
const PLURALS = /^(?:answers|captions|questions|segments|described?|detects)$/;

/** With more words than this, it is not a language: the line is a question that happens to begin with a task word. */
const MAX_LANGUAGE_WORDS = 1;

/**
 * The task that a line means: one of `taskWords` with its argument, in PaliGemma's syntax, or else a question.
 * `caption this for me` is a question too, because no language has three words.
 *
 * @param language of answers if the line does not name one: one of `answerLanguages`.
 * @param isPerClass detect and segment ask for each thing in a prompt of its own.
 * @throws {UsageError} an unknown language, nothing to look for, or no question.
 */
export function parseTaskLine(line: string, language: string, isPerClass = false): Task {
  const text = line.trim();
  const [written] = text.split(/\s/, 1);
  const word = written.toLowerCase();
  const rest = text.slice(word.length).trim();
  const kind = taskWords.find((one) => one.word === word);
  const isSentence = rest.split(/\s+/).length > MAX_LANGUAGE_WORDS;
  if (kind === undefined && rest !== '') refuseMisspelt(word, rest);
  if (kind === undefined || (kind.argument === 'none' && rest !== '')) return answerTask(text, language);
  if (kind.argument === 'language') {
    // `caption <loc0000>...` asks about a region, without a language.
    if (rest.startsWith('<loc')) return askTask(text);
    if (isSentence) return answerTask(text, language);
  }
  switch (word) {
    case 'detect':
      return detectTask(rest, isPerClass);
    case 'segment':
      return segmentTask(rest, isPerClass);
    case 'caption':
      return captionTask({ language: rest || language });
    case 'cap':
      return captionTask({ language: rest || language, isShort: true });
    case 'describe':
      return describeTask(rest || language);
    case 'ocr':
      return ocrTask();
    case 'ask':
      return askTask(rest);
    case 'question':
      return makeTask(questionTask, rest, language);
    default:
      return makeTask(answerTask, rest, language);
  }
}

/** A misspelt task word would be treated as a question and get a confident wrong answer. */
function refuseMisspelt(word: string, rest: string): void {
  const letters = (text: string): string => [...text].sort().join('');
  const meant = taskWords.find(({ word: known }) => {
    if (known.length < SHORTEST_GUESSED) return false;
    const distance = editDistance(word, known);
    // Two swapped letters count as two changes.
    return distance === 1 || (distance === 2 && letters(word) === letters(known));
  });
  if (meant === undefined || PLURALS.test(word)) return;
  throw new UsageError('TASK_UNKNOWN', `There is no task '${word}'.`, {
    hint: `Did you mean: ${meant.word} ${rest}\nA question as it is: answer ${word} ${rest}`,
  });
}

/** `en how many?` names its language, `how many?` does not. */
function makeTask(task: (text: string, language: string) => Task, rest: string, language: string): Task {
  const [first] = rest.split(/\s/, 1);
  const hasLanguage = languages.some(({ code }) => code === first);
  return hasLanguage ? task(rest.slice(first.length), first) : task(rest, language);
}
