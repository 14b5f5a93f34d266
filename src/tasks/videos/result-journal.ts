import { open, truncate, type FileHandle } from 'node:fs/promises';
import { InputError, UsageError } from '../../base/errors.js';
import type { TaskResult } from '../../base/task-result.js';
import { createJsonlRenderer } from '../../render/formats/json.js';
import { parseResult } from '../../render/formats/parse-result.js';

/** Largest journal that is read back, bytes: about a million frames. */
const MAX_JOURNAL_BYTES = 1024 * 1024 * 1024;

/** What the results of a run have in common; a journal from a different run is rejected. */
export interface JournalKey {
  readonly input: string;
  readonly prompt: string;
  readonly model: string;
}

/**
 * The results of a run in a JSON lines file, appended one by one, so that a run that was killed resumes where it
 * stopped. Frames that failed are tried again.
 */
export class ResultJournal {
  readonly #file: FileHandle;
  readonly #results: Map<number, TaskResult>;
  readonly #renderer = createJsonlRenderer();

  private constructor(file: FileHandle, results: Map<number, TaskResult>) {
    this.#file = file;
    this.#results = results;
  }

  /**
   * Open a journal, or start one if the file does not exist. An incomplete last line is removed.
   *
   * @throws {UsageError} it belongs to another video, prompt or model, or cannot be written.
   * @throws {InputError} it is not a journal, or it is too large.
   */
  static async open(path: string, key: JournalKey): Promise<ResultJournal> {
    const file = await open(path, 'a+').catch((cause: unknown) => {
      throw new UsageError('OUTPUT_UNWRITABLE', `${path} cannot be opened for writing.`, { cause });
    });
    try {
      const { size } = await file.stat();
      if (size > MAX_JOURNAL_BYTES) throw new InputError('JOURNAL_TOO_LARGE', `${path} is too large.`);
      const content = await file.readFile();
      const whole = content.lastIndexOf(0x0a) + 1;
      // Windows cannot truncate a file that was opened for appending.
      if (whole < content.length) await truncate(path, whole);
      return new ResultJournal(file, readResults(content.toString('utf8', 0, whole), path, key));
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  /** The result of the frame with this number, if there is one. */
  resultAt(index: number): TaskResult | undefined {
    return this.#results.get(index);
  }

  /** Add a frame's result; it is in the file once the promise settles. */
  async add(result: TaskResult): Promise<void> {
    await this.#file.appendFile(this.#renderer.renderResult(result));
  }

  async close(): Promise<void> {
    await this.#file.close();
  }
}

function readResults(text: string, path: string, key: JournalKey): Map<number, TaskResult> {
  const results = new Map<number, TaskResult>();
  text.split('\n').forEach((line, number) => {
    if (line.trim() === '') return;
    const result = readLine(line, `${path}, line ${number + 1}`);
    const { input, prompt, model } = result;
    if (input !== key.input || prompt !== key.prompt || model?.name !== key.model) {
      throw new UsageError('JOURNAL_OTHER_RUN', `${path} holds results of another video, prompt or model.`, {
        hint: `They are of: ${input}, "${prompt}", ${model?.name ?? 'no model'}. Name another file.`,
      });
    }
    if (result.error === undefined && result.frame) results.set(result.frame.index, result);
  });
  return results;
}

function readLine(line: string, place: string): TaskResult {
  try {
    const result = parseResult(JSON.parse(line));
    if (result.frame === undefined || result.model === undefined) throw new Error('no frame, or no model');
    return result;
  } catch (cause) {
    throw new InputError('JOURNAL_UNREADABLE', `${place} is not a result of a video's frame.`, {
      hint: 'Name a file that an earlier --resume wrote, or a new one.',
      cause,
    });
  }
}
