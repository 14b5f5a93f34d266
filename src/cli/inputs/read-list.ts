import { createReadStream } from 'node:fs';
import { addAbortSignal, type Readable } from 'node:stream';
import { InputError } from '../../base/errors.js';
import { printablePath } from '../../render/printable-path.js';
import { whyUnreadable } from '../../tasks/inputs/why-unreadable.js';

/** Longest path in a list, characters; systems allow 4,096 bytes, addresses may be longer. */
const MAX_PATH_CHARACTERS = 16_384;

/** The mark of UTF-16 as it looks when read as UTF-8, or every second byte zero. */
const UTF_16 = /^\ufffd\ufffd|^(?:[^\0]\0){3}|^(?:\0[^\0]){3}/;

/**
 * The paths in a list, each as soon as it arrives. Empty lines are skipped.
 *
 * @param file the list, `-` for stdin.
 * @param signal ends the reading, also of a pipe from which nothing comes.
 * @param isNulSeparated paths end in NUL, so that they may hold line breaks; else in LF or CRLF.
 * @throws {InputError} the list cannot be read, or is not a list.
 */
export async function* readList(
  file: string,
  isNulSeparated: boolean,
  signal: AbortSignal,
  stdin: Readable = process.stdin,
): AsyncGenerator<string, void, undefined> {
  const shown = file === '-' ? 'standard input' : printablePath(file);
  const stream = addAbortSignal(signal, file === '-' ? stdin : createReadStream(file));
  stream.setEncoding('utf8');
  const separator = isNulSeparated ? '\0' : '\n';
  let rest = '';
  let isStart = true;
  try {
    for await (const chunk of stream as AsyncIterable<string>) {
      // PowerShell's `Out-File -Encoding utf8` writes a byte order mark; its default was UTF-16 for long.
      const text = isStart ? chunk.replace(/^\ufeff/, '') : chunk;
      if (isStart && UTF_16.test(text)) throw noList(shown, isNulSeparated, true);
      isStart &&= chunk === '';
      const pieces = (rest + text).split(separator);
      rest = pieces.pop()!;
      if (rest.length > MAX_PATH_CHARACTERS) throw noList(shown, isNulSeparated);
      for (const piece of pieces) yield* toPath(piece, isNulSeparated, shown);
    }
  } catch (cause) {
    if (cause instanceof InputError) throw cause;
    throw new InputError(
      'LIST_UNREADABLE',
      `The list of files ${shown} cannot be read: ${whyUnreadable(cause)}`,
      { cause },
    );
  }
  yield* toPath(rest, isNulSeparated, shown);
}

function toPath(piece: string, isNulSeparated: boolean, shown: string): string[] {
  const path = isNulSeparated ? piece : piece.replace(/\r$/, '');
  if (path.includes('\0') || path.length > MAX_PATH_CHARACTERS) throw noList(shown, isNulSeparated);
  return path === '' ? [] : [path];
}

function noList(shown: string, isNulSeparated: boolean, isUtf16 = false): InputError {
  if (isUtf16) {
    return new InputError('LIST_UNREADABLE', `${shown} is text in UTF-16.`, {
      hint: 'Write it as UTF-8; in PowerShell: ... | Out-File -Encoding utf8 list.txt',
    });
  }
  return new InputError('LIST_UNREADABLE', `${shown} is not a list of paths.`, {
    hint: isNulSeparated
      ? 'With -0 every path ends in NUL; leave -0 out when they end in line breaks.'
      : 'It has one path a line; add -0 when paths end in NUL, or use - for the bytes of a picture.',
  });
}
