import { truncate } from 'node:fs/promises';
import { InputError, UsageError } from '../base/errors.js';
import { openAppendFile, type AppendFile } from '../base/files/append-file.js';
import { showName } from '../base/show-name.js';
import type { TaskResult } from '../base/task-result.js';
import { isCutOff } from '../tasks/journal/journal-line.js';
import { toAnswerRow } from './answer-row.js';
import type { Example } from './example.js';
import { decodeDocument, readBytes } from './datasets/read-document.js';
import { parseResults, type FoundResult } from './read-results.js';

/** `[`: how a whole document begins, which nothing can be added to. */
const ARRAY_START = 0x5b;

/** What was answered, in a file of JSON lines: a run that was killed goes on where it stopped. */
export class ResultsFile {
  readonly #opened: AppendFile;
  /** What an earlier run answered. */
  readonly results: readonly FoundResult[];

  private constructor(opened: AppendFile, results: readonly FoundResult[]) {
    this.#opened = opened;
    this.results = results;
  }

  /**
   * Open the file, or begin one. A last line that was cut off is taken away.
   * @param onWait as of openAppendFile.
   * @throws {UsageError} it cannot be written, is no regular file, another run is writing to it, or it holds answers of
   * another command.
   * @throws {InputError} a line of it is no result.
   * @throws {CancelledError} `signal` was aborted while waiting for such a run.
   */
  static async open(
    path: string,
    signal?: AbortSignal,
    onWait?: (sentence: string) => void,
  ): Promise<ResultsFile> {
    const opened = await openAppendFile(path, signal, onWait);
    try {
      const content = await readBytes(opened.file, path);
      const wholeBytes = content.lastIndexOf(0x0a) + 1;
      const rest = content.toString('utf8', wholeBytes);
      const isCut = rest !== '' && isCutOff(rest);
      const results = parseResults(
        decodeDocument(isCut ? content.subarray(0, wholeBytes) : content, path),
        path,
      );
      if (content[0] === ARRAY_START) throw noLines(path);
      results.forEach((result) => checkIsOfEval(result, path));
      // Windows cannot truncate a file that was opened for appending.
      if (isCut) await truncate(path, wholeBytes);
      else if (rest.trim() !== '') await opened.append('\n');
      return new ResultsFile(opened, results);
    } catch (error) {
      await opened.close();
      throw error;
    }
  }

  /**
   * What the earlier run answered, when it was the same model.
   * @throws {UsageError} it was another one: two models' answers would be mixed.
   */
  resultsOf(model: { readonly name: string; readonly dtype: string }, path: string): readonly FoundResult[] {
    const other = this.results.find((one) => one.model !== undefined && !isSame(one.model, model))?.model;
    if (other === undefined) return this.results.filter(({ isError }) => !isError);
    throw new UsageError(
      'JOURNAL_OTHER_RUN',
      `${showName(path)} holds answers of ${other.name} ${other.dtype}.`,
      {
        hint: 'Name another file for this model.',
      },
    );
  }

  /** Add an answer; it is in the file when the promise settles. @throws {UsageError} such as a full disk. */
  async add(result: TaskResult, example: Example): Promise<void> {
    await this.#opened.append(toAnswerRow(result, example));
  }

  async close(): Promise<void> {
    await this.#opened.close();
  }
}

/** Other commands' files stay theirs: they would refuse the lines that are added here. */
function checkIsOfEval(result: FoundResult, path: string): void {
  const { writer, isError, model, text, objects } = result;
  if (writer === undefined) return;
  if (!isError && (model === undefined || (text === undefined && objects === undefined))) {
    throw new InputError('JOURNAL_UNREADABLE', `${showName(path)} has a line without a model or an answer.`, {
      hint: 'Name a file that an earlier --resume wrote, or a new one.',
    });
  }
  if (writer === 'eval') return;
  throw new UsageError(
    'JOURNAL_OTHER_RUN',
    `${showName(path)} holds answers of another command, not of pali eval.`,
    { hint: 'Name another file. `pali score` measures answers that are there.' },
  );
}

function isSame(
  a: { readonly name: string; readonly dtype: string },
  b: { readonly name: string; readonly dtype: string },
): boolean {
  return a.name === b.name && a.dtype === b.dtype;
}

function noLines(path: string): InputError {
  return new InputError(
    'JOURNAL_UNREADABLE',
    `${showName(path)} is one JSON document, to which no line can be added.`,
    {
      hint: 'Name a file that an earlier --resume wrote, or a new one.',
    },
  );
}
