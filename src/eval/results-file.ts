import { open, type FileHandle } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { UsageError } from '../base/errors.js';
import type { TaskResult } from '../base/task-result.js';
import { toAnswerRow } from './answer-row.js';
import type { Example } from './example.js';
import { readResults, type FoundResult } from './read-results.js';

/** What was answered, in a file of JSON lines: a run that was killed goes on where it stopped. */
export class ResultsFile {
  readonly #file: FileHandle;
  /** What an earlier run answered. */
  readonly results: readonly FoundResult[];

  private constructor(file: FileHandle, results: readonly FoundResult[]) {
    this.#file = file;
    this.results = results;
  }

  /**
   * Open the file, or begin one. A last line that was cut off is taken away.
   * @throws {UsageError} it cannot be written.
   * @throws {InputError} a line of it is no result.
   */
  static async open(path: string): Promise<ResultsFile> {
    const results = existsSync(path) ? await readResults(path, true) : [];
    const file = await open(path, 'a+').catch((cause: unknown) => {
      throw new UsageError('OUTPUT_UNWRITABLE', `${path} cannot be opened for writing.`, { cause });
    });
    const content = await file.readFile();
    const whole = content.lastIndexOf(0x0a) + 1;
    if (whole < content.length) await file.truncate(whole);
    return new ResultsFile(file, results);
  }

  /**
   * What the earlier run answered, when it was the same model.
   * @throws {UsageError} it was another one: two models' answers would be mixed.
   */
  resultsOf(model: { readonly name: string; readonly dtype: string }, path: string): readonly FoundResult[] {
    const other = this.results.find((one) => one.model !== undefined && !isSame(one.model, model))?.model;
    if (other === undefined) return this.results.filter(({ isError }) => !isError);
    throw new UsageError('JOURNAL_OTHER_RUN', `${path} holds answers of ${other.name} ${other.dtype}.`, {
      hint: 'Name another file for this model.',
    });
  }

  /** Add an answer; it is in the file when the promise settles. */
  async add(result: TaskResult, example: Example): Promise<void> {
    await this.#file.appendFile(toAnswerRow(result, example));
  }

  async close(): Promise<void> {
    await this.#file.close();
  }
}

function isSame(
  a: { readonly name: string; readonly dtype: string },
  b: { readonly name: string; readonly dtype: string },
): boolean {
  return a.name === b.name && a.dtype === b.dtype;
}
