import { dirname } from 'node:path';
import { UsageError } from '../errors.js';
import { NotPlacedError } from './put-in-place.js';
import { showName } from '../show-name.js';

/**
 * The refusal of an output that cannot be written to.
 * @param what names it in the message; its path when absent.
 */
export function unwritable(path: string, cause: unknown, what = showName(path)): UsageError {
  const sentence = `${what} cannot be written: ${whyUnwritable(path, cause)}`;
  if (cause instanceof NotPlacedError) {
    const message = `${sentence}; the finished file is kept as ${showName(cause.keptPath)}.`;
    return new UsageError('OUTPUT_UNWRITABLE', message, {
      hint: 'Rename that file once its place is free.',
      cause,
    });
  }
  return new UsageError('OUTPUT_UNWRITABLE', `${sentence}.`, { hint: 'Choose another place for it.', cause });
}

/** Why the system refuses to write to a place, as the end of a sentence. */
export const noWriteReasons: Readonly<Record<string, string>> = {
  EACCES: 'you have no permission to write there',
  EPERM: 'you have no permission to write there',
  EROFS: 'the disk is read-only',
  ENOSPC: 'the disk is full',
  EDQUOT: 'your share of the disk is used up',
  EFBIG: 'it would be larger than the disk or a limit allows',
  ENAMETOOLONG: 'the name is too long',
};

/** Why Windows lets a file not be replaced that could be written beside its place. */
const windowsReasons: Readonly<Record<string, string>> = {
  EACCES: 'another program has it open, or you may not replace it',
  EPERM: 'another program has it open, or you may not replace it',
  EBUSY: 'another program has it open',
};

/** Why a file could not be written, as the end of a sentence without its stop. */
export function whyUnwritable(path: string, cause: unknown): string {
  const reasons: Readonly<Record<string, string>> = {
    ENOENT: `the folder ${showName(dirname(path))} does not exist`,
    ENOTDIR: `${showName(dirname(path))} is not a folder`,
    EEXIST: 'there is a file of that name where a folder is needed',
    EISDIR: 'it is a folder',
    EBUSY: 'it is in use',
    ...noWriteReasons,
    ...(cause instanceof NotPlacedError && process.platform === 'win32' ? windowsReasons : {}),
  };
  const { code = '', message = String(cause) } = cause as NodeJS.ErrnoException;
  return reasons[code] ?? showName(message.split('\n')[0]);
}
