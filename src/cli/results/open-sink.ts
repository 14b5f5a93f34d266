import { createWriteStream } from 'node:fs';
import { open, realpath, rename, rm, stat } from 'node:fs/promises';
import { newPartPath } from '../../base/files/new-part-path.js';
import { unwritable } from '../../base/files/unwritable.js';
import { printablePath } from '../../render/printable-path.js';
import { writeOutput } from './write-output.js';

/** Where text results go, piece by piece. */
export interface TextSink {
  /** Waits while the reader is slow. */
  write(text: string): Promise<void>;
  /** @param isKept false throws away what was written, where that can be done. */
  close(isKept: boolean): Promise<void>;
}

/** The program's stdout. */
export function openStdout(signal: AbortSignal): TextSink {
  return {
    write: (text) => writeOutput(process.stdout, text, signal),
    close: async () => undefined,
  };
}

/**
 * A file that appears whole or not at all: until it is closed the text is in a file beside it. An older one of that
 * name is replaced, or stays when nothing is kept. What is no ordinary file, such as /dev/null or a named pipe, is
 * written to as it is.
 *
 * @throws {UsageError} the place cannot be written to.
 */
export async function openFile(path: string): Promise<TextSink> {
  try {
    const target = await realpath(path).catch(() => path);
    const isSpecial = await stat(target).then(
      (stats) => !stats.isFile(),
      () => false,
    );
    if (isSpecial) return await openSpecial(target);
    const temporary = await newPartPath(target);
    const file = await open(temporary, 'wx');
    return {
      write: async (text) => void (await file.writeFile(text).catch(fail(path))),
      close: async (isKept) => {
        await file.close();
        try {
          if (isKept) await rename(temporary, target).catch(fail(path));
        } finally {
          // Nothing is there any more once it has its name.
          await rm(temporary, { force: true });
        }
      },
    };
  } catch (error) {
    return fail(path)(error);
  }
}

async function openSpecial(path: string): Promise<TextSink> {
  const stream = createWriteStream(path);
  await new Promise((resolve, reject) => {
    stream.once('open', resolve);
    stream.once('error', reject);
  });
  let error: Error | undefined;
  stream.on('error', (problem) => (error ??= problem));
  const never = new AbortController().signal;
  return {
    write: async (text) => {
      await writeOutput(stream, text, never);
      if (error !== undefined) fail(path)(error);
    },
    close: async () => {
      if (!stream.destroyed) {
        const problem = await new Promise<Error | null | undefined>((resolve) => stream.end(resolve));
        error ??= problem ?? undefined;
      }
      if (error !== undefined) fail(path)(error);
    },
  };
}

function fail(path: string): (cause: unknown) => never {
  return (cause) => {
    throw unwritable(path, cause, printablePath(path));
  };
}
