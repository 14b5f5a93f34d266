import { dirname } from 'node:path';
import { UsageError } from '../errors.js';
import { showName } from '../show-name.js';

/**
 * The refusal of an output that cannot be written to.
 * @param what names it in the message; its path when absent.
 */
export function unwritable(path: string, cause: unknown, what = showName(path)): UsageError {
  return new UsageError('OUTPUT_UNWRITABLE', `${what} cannot be written: ${whyUnwritable(path, cause)}.`, {
    hint: 'Choose another place for it.',
    cause,
  });
}

/** Why the system refuses to write to a place, as the end of a sentence. */
export const noWriteReasons: Readonly<Record<string, string>> = {
  EACCES: 'you have no permission to write there',
  EPERM: 'you have no permission to write there',
  EROFS: 'the disk is read-only',
  ENOSPC: 'the disk is full',
  EDQUOT: 'your share of the disk is used up',
  ENAMETOOLONG: 'the name is too long',
};

/** Why a file could not be written, as the end of a sentence without its stop. */
export function whyUnwritable(path: string, cause: unknown): string {
  const reasons: Readonly<Record<string, string>> = {
    ENOENT: `the folder ${showName(dirname(path))} does not exist`,
    ENOTDIR: `${showName(dirname(path))} is not a folder`,
    EEXIST: 'there is a file of that name where a folder is needed',
    EISDIR: 'it is a folder',
    ...noWriteReasons,
  };
  const { code = '', message = String(cause) } = cause as NodeJS.ErrnoException;
  return reasons[code] ?? showName(message.split('\n')[0]);
}
