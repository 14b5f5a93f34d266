import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { InputError } from '../../base/errors.js';
import type { TaskResult } from '../../base/task-result.js';
import { parseResult } from '../../render/formats/parse-result.js';
import { printablePath } from '../../render/printable-path.js';
import { whyUnreadable } from '../../tasks/inputs/why-unreadable.js';

/**
 * The results in a file that `--format jsonl`, `--format json` or `--resume` wrote, each as it is read. A line that was
 * cut off at the end is left out, as a killed run leaves it.
 *
 * @param file `-` for standard input.
 * @param onCut called when there is such a line.
 * @throws {InputError} the file cannot be read, or another line is no result. {CancelledError} `signal` was aborted.
 */
export async function* readResults(
  file: string,
  signal: AbortSignal,
  onCut: () => void,
): AsyncGenerator<TaskResult, void, undefined> {
  const shown = file === '-' ? 'Standard input' : printablePath(file);
  const stream = file === '-' ? process.stdin : createReadStream(file);
  let failure: unknown;
  stream.once('error', (error: unknown) => (failure = error));
  let number = 0;
  let broken: { readonly number: number; readonly cause: unknown } | undefined;
  for await (const line of linesOf(stream, signal)) {
    number++;
    // An array of --format json has one result a line, between brackets.
    const text = number === 1 && line === '[' ? '' : line.trim().replace(/,$/, '');
    if (text === '' || text === ']' || text === '[]') continue;
    if (broken !== undefined) throw noResult(shown, broken);
    try {
      yield parseResult(JSON.parse(text));
    } catch (cause) {
      broken = { number, cause };
    }
  }
  // An abort ends the lines as the end of the file does.
  signal.throwIfAborted();
  if (failure !== undefined) {
    throw new InputError('RESULTS_UNREADABLE', `${shown} cannot be read: ${whyUnreadable(failure)}`);
  }
  if (broken === undefined) return;
  if (broken.number === 1) throw noResult(shown, broken);
  onCut();
}

/** The lines until the stream ends or fails: whether a failure comes through here depends on when it happens. */
async function* linesOf(stream: Readable, signal: AbortSignal): AsyncGenerator<string, void, undefined> {
  try {
    yield* createInterface({ input: stream, crlfDelay: Infinity, signal });
  } catch (error) {
    if (stream.errored !== error) throw error;
  }
}

function noResult(shown: string, { number, cause }: { number: number; cause: unknown }): InputError {
  return new InputError('RESULTS_UNREADABLE', `${shown}, line ${number}, is not a result of pali.`, {
    hint: 'Name a file that --format jsonl or --resume wrote.',
    cause,
  });
}
