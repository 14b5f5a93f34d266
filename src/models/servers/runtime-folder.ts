import { dirname, join } from 'node:path';
import { UsageError } from '../../base/errors.js';
import { describeNoFolder } from '../../base/files/ensure-folder.js';
import { whyUnwritable } from '../../base/files/unwritable.js';
import { modelsFolder } from '../models-folder.js';

/** Where running servers write about themselves and have their sockets: beside the models. */
export function runtimeFolder(): string {
  return join(dirname(modelsFolder()), 'servers');
}

/** The refusal of a runtime folder that cannot be made or written to. */
export function runtimeFolderFailed(folder: string, cause: unknown): UsageError {
  const { code } = cause as NodeJS.ErrnoException;
  const message =
    code === 'EEXIST' || code === 'ENOTDIR' || code === 'ENOENT'
      ? describeNoFolder(folder, cause)
      : `${folder} cannot be written to: ${whyUnwritable(folder, cause)}.`;
  return new UsageError('RUNTIME_UNWRITABLE', message, {
    hint: 'Set PALI_HOME to a folder of yours.',
    cause,
  });
}
