import { truncate, type FileHandle } from 'node:fs/promises';
import { InputError, UsageError } from '../../base/errors.js';
import { openAppendFile, type AppendFile } from '../../base/files/append-file.js';
import { showName } from '../../base/show-name.js';
import type { TaskResult } from '../../base/task-result.js';
import { parseResult } from '../../render/formats/parse-result.js';
import type { JournalRun } from './journal-run.js';
import { isCutOff, readJournalLine, renderJournalLine } from './journal-line.js';
import { readLines } from './read-lines.js';

/** Longest line that is read, bytes: some thousand masks of large pictures. */
const MAX_LINE_BYTES = 256 * 1024 * 1024;

/** Where a line is in the file, bytes. */
interface LinePlace {
  readonly offset: number;
  readonly length: number;
}

/**
 * The results of a run in a JSON lines file, appended one by one as soon as they are there, so that a run that was
 * killed resumes where it stopped. Only answers are kept: what failed is tried again. Lines stay in the file until
 * they are needed.
 */
export class ResultJournal {
  readonly path: string;
  readonly #opened: AppendFile;
  readonly #run: JournalRun;
  readonly #places: ReadonlyMap<string, readonly LinePlace[]>;
  /** The last line has no line break yet. */
  #isOpenEnded: boolean;
  #added = 0;
  #lastWrite: Promise<void> = Promise.resolve();

  private constructor(path: string, opened: AppendFile, run: JournalRun, found: FoundLines) {
    [this.path, this.#opened, this.#run] = [path, opened, run];
    [this.#places, this.#isOpenEnded] = [found.places, found.isOpenEnded];
  }

  /**
   * Open a journal, or start one if the file does not exist. A last line that was cut off is removed.
   *
   * @param onWait as of openAppendFile.
   * @throws {UsageError} it belongs to another task, prompt or model or to other options, it cannot be written, or
   *   another run is writing to it.
   * @throws {InputError} it is not a journal.
   * @throws {CancelledError} `signal` was aborted while waiting for such a run.
   */
  static async open(
    path: string,
    run: JournalRun,
    signal?: AbortSignal,
    onWait?: (sentence: string) => void,
  ): Promise<ResultJournal> {
    const opened = await openAppendFile(path, signal, onWait);
    try {
      const found = await findLines(opened.file, path, run);
      // Windows cannot truncate a file that was opened for appending.
      if (found.wholeBytes !== undefined) await truncate(path, found.wholeBytes);
      return new ResultJournal(path, opened, run, found);
    } catch (error) {
      await opened.close();
      throw error;
    }
  }

  /** How many inputs and frames have their answers in the file. */
  get size(): number {
    return this.#places.size + this.#added;
  }

  /** Whether an earlier run answered about this input, or about this frame of it. */
  has(input: string, frame?: number): boolean {
    const count = this.#run.options['n'];
    const wanted = typeof count === 'number' ? count : 1;
    return (this.#places.get(toKey(input, frame))?.length ?? 0) >= wanted;
  }

  /**
   * The answers of an earlier run, in their order; undefined if it did not answer.
   * @throws {InputError} they are damaged.
   */
  async read(input: string, frame?: number): Promise<TaskResult[] | undefined> {
    if (!this.has(input, frame)) return undefined;
    const count = this.#run.options['n'];
    const places = this.#places.get(toKey(input, frame))!.slice(typeof count === 'number' ? -count : -1);
    return Promise.all(places.map((place) => this.#readPlace(place)));
  }

  /** Add the answers about an input; they are in the file once the promise settles. @throws {UsageError} disk full. */
  async add(results: readonly TaskResult[]): Promise<void> {
    const answers = results.filter(({ error }) => error === undefined);
    const lines = answers.map((result) => renderJournalLine(result, this.#run)).join('');
    this.#lastWrite = this.#lastWrite.then(() => this.#append(lines));
    // The next writer fails, too, and so does this one.
    this.#lastWrite.catch(() => undefined);
    return this.#lastWrite;
  }

  async close(): Promise<void> {
    await this.#lastWrite.catch(() => undefined);
    await this.#opened.close();
  }

  async #append(lines: string): Promise<void> {
    const text = this.#isOpenEnded && lines !== '' ? `\n${lines}` : lines;
    await this.#opened.append(text);
    if (lines === '') return;
    this.#isOpenEnded = false;
    this.#added++;
  }

  async #readPlace({ offset, length }: LinePlace): Promise<TaskResult> {
    const { buffer, bytesRead } = await this.#opened.file.read(Buffer.alloc(length), 0, length, offset);
    try {
      return parseResult(JSON.parse(buffer.toString('utf8', 0, bytesRead)));
    } catch (cause) {
      throw unreadable(`${showName(this.path)}, ${offset} bytes in,`, cause);
    }
  }
}

interface FoundLines {
  readonly places: ReadonlyMap<string, readonly LinePlace[]>;
  readonly isOpenEnded: boolean;
  /** Where to cut the file, if its last line was cut off. */
  readonly wholeBytes?: number;
}

async function findLines(file: FileHandle, path: string, run: JournalRun): Promise<FoundLines> {
  const places = new Map<string, LinePlace[]>();
  let number = 0;
  let isOpenEnded = false;
  const lines = readLines(file, MAX_LINE_BYTES);
  try {
    for await (const { bytes, offset, isWhole } of lines) {
      number++;
      const text = bytes.toString('utf8');
      if (!isWhole && isCutOff(text)) return { places, isOpenEnded: false, wholeBytes: offset };
      if (text.trim() === '') continue;
      const line = readJournalLine(text, run);
      if (line.isOther) throw otherRun(path, line.description);
      isOpenEnded = !isWhole;
      if (!line.isAnswer) continue;
      const key = toKey(line.input, line.frame);
      places.set(key, [...(places.get(key) ?? []), { offset, length: bytes.length }]);
    }
  } catch (cause) {
    if (cause instanceof UsageError) throw cause;
    throw unreadable(`${showName(path)}, line ${number},`, cause);
  }
  return { places, isOpenEnded };
}

function toKey(input: string, frame: number | undefined): string {
  return `${frame ?? ''} ${input}`;
}

function otherRun(path: string, description: string): UsageError {
  return new UsageError(
    'JOURNAL_OTHER_RUN',
    `${showName(path)} holds answers of another task, prompt or model, or with other options.`,
    { hint: `They are of: ${description}. Name another file.` },
  );
}

function unreadable(place: string, cause: unknown): InputError {
  return new InputError('JOURNAL_UNREADABLE', `${place} is not a result of pali.`, {
    hint: 'Name a file that an earlier --resume wrote, or a new one.',
    cause,
  });
}
