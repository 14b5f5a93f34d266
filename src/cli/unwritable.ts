import { UsageError } from '../base/errors.js';

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'its folder is not there',
  ENOTDIR: 'its folder is a file',
  EISDIR: 'it is a folder',
  EACCES: 'you have no permission to write there',
  EPERM: 'you have no permission to write there',
  EROFS: 'the disk is read-only',
  ENOSPC: 'the disk is full',
};

/**
 * The refusal of an output that cannot be written to.
 * @param what how a message calls it.
 */
export function unwritable(what: string, cause: unknown): UsageError {
  return new UsageError('OUTPUT_UNWRITABLE', `${what} cannot be written: ${whyUnwritable(cause)}.`, {
    hint: 'Choose another place.',
    cause,
  });
}

/** Why a file could not be written, as the end of a sentence without its stop. */
export function whyUnwritable(cause: unknown): string {
  const { code = '', message = String(cause) } = cause as NodeJS.ErrnoException;
  return REASONS[code] ?? message.split('\n')[0];
}
