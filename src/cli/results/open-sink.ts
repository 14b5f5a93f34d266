import { join, parse } from 'node:path';
import { PartFile } from '../../base/files/part-file.js';
import { isOther, type KeptFile } from '../../base/files/write-unless-other.js';
import { unwritable } from '../../base/files/unwritable.js';
import { printablePath } from '../../render/printable-path.js';
import { writeOutput } from './write-output.js';
import type { Ending } from './writers/result-writer.js';

/** Where text results go, piece by piece. */
export interface TextSink {
  /** Waits while the reader is slow. */
  write(text: string): Promise<void>;
  /**
   * @param closing `discard` takes back what was written, where possible; `aside` keeps it under another name, and
   * calls `onNote` with that.
   */
  close(closing: Closing, onNote?: (sentence: string) => void): Promise<void>;
}

/** What becomes of what was written. */
export type Closing = 'keep' | 'aside' | 'discard';

/** Results of work that failed do not take the place of an older file. */
export function howToClose(isKept: boolean, ending: Ending): Closing {
  if (!isKept) return 'discard';
  return ending === 'failed' ? 'aside' : 'keep';
}

/**
 * The program's stdout.
 *
 * @param beforeWrite called before anything is written.
 */
export function openStdout(signal: AbortSignal, beforeWrite?: () => void): TextSink {
  return {
    write: (text) => {
      if (text !== '') beforeWrite?.();
      return writeOutput(process.stdout, text, signal);
    },
    close: async () => undefined,
  };
}

/**
 * A file that appears whole or not at all: until it is closed, the text is in a file beside it. An older file of that
 * name is replaced, or stays when nothing is kept or the disk is full. Anything that is not a regular file, such as
 * /dev/null or a named pipe, is written to directly.
 *
 * @param onKept called when an older file that differs is kept.
 * @throws {UsageError} the path cannot be written to.
 */
export async function openFile(path: string, onKept?: KeptFile): Promise<TextSink> {
  const fail = (cause: unknown): never => {
    throw unwritable(path, cause, printablePath(path));
  };
  const file = await PartFile.open(path, { removesStale: true }).catch(fail);
  return {
    write: async (text) => file.write(text).catch(fail),
    close: async (closing, onNote) => {
      if (closing === 'aside' && file.isBeside) {
        const aside = asideOf(path);
        await file.commitAs(aside).catch(fail);
        onNote?.(
          `the results until then are in ${printablePath(aside)}; ${printablePath(path)} is as it was.`,
        );
        return;
      }
      const isKept = closing !== 'discard';
      const keepsOlder =
        isKept && onKept !== undefined && file.isBeside && (await isOther(path, file.partPath));
      if (keepsOlder) onKept(path);
      await (isKept && !keepsOlder ? file.commit().catch(fail) : file.discard());
    },
  };
}

/** `cars.json` -> `cars.partial.json`. */
function asideOf(path: string): string {
  const { dir, name, ext } = parse(path);
  return join(dir, `${name}.partial${ext}`);
}
