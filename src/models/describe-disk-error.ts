import { InputError } from '../base/errors.js';

/** The system's errors for a full or read-only disk. */
const SENTENCES: Readonly<Record<string, string>> = {
  ENOSPC: 'The disk is full',
  EDQUOT: 'Your share of the disk is used up',
  EACCES: 'A file may not be written',
  EPERM: 'A file may not be written',
  ENOTDIR: 'A file is where a folder should be',
  EEXIST: 'A file is where a folder should be',
  EROFS: 'The disk is read-only',
};

/** A file system error as a sentence; any other error as it is. */
export function describeDiskError(error: unknown): unknown {
  const { code, path, syscall } = (error ?? {}) as NodeJS.ErrnoException;
  // Node's error for creating a folder and its parents on a read-only disk.
  const isUnmakeable = code === 'ENOENT' && syscall === 'mkdir';
  const sentence = isUnmakeable ? 'A folder cannot be made' : SENTENCES[code ?? ''];
  if (!(error instanceof Error) || sentence === undefined) return error;
  return new InputError('DISK_UNWRITABLE', `${sentence}${path === undefined ? '' : `: ${path}`}.`, {
    hint: 'Free some space (pali gc, pali rm NAME), or set HF_HOME and PALI_HOME to folders that you may write to.',
    cause: error,
  });
}
