import { randomBytes } from 'node:crypto';
import { rename } from 'node:fs/promises';
import { InputError } from '../base/errors.js';
import { renamePatiently } from '../base/files/rename-patiently.js';

/** Each retry means that another process put a model of the same name there at the same moment. */
const MAX_MOVES = 20;
/** What Windows says of a folder with a file that a program has open. */
const IN_USE = new Set(['EBUSY', 'EPERM', 'EACCES']);
/** The errors for renaming onto a folder that is not empty: Linux, macOS, Windows. */
const IN_THE_WAY = new Set(['ENOTEMPTY', 'EEXIST', 'EPERM', 'EACCES']);

/**
 * Give a converted model its name. A folder can only replace an empty one, so an existing one is moved aside first,
 * which readers do not notice.
 *
 * @param aside where older models are moved, with a number.
 * @param keeps whether the model that is there already is kept; the new one is then left where it is.
 * @throws what the system said last.
 */
export async function moveModel(
  from: string,
  to: string,
  aside: string,
  keeps: (folder: string) => Promise<boolean>,
): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      // Windows says of a folder that is there what it says of one in use: waiting helps only without one.
      await (attempt === 1 ? rename(from, to) : renamePatiently(from, to));
      return;
    } catch (error) {
      const { code = '' } = error as NodeJS.ErrnoException;
      if (attempt > MAX_MOVES || !IN_THE_WAY.has(code)) throw error;
    }
    if (await keeps(to)) return;
    await renamePatiently(to, `${aside}-${attempt}`).catch(ignoreMissing);
  }
}

/**
 * A conversion takes minutes: one that cannot get its name, as another program holds files of the older one, is kept
 * beside it.
 *
 * @throws {InputError} always, with the name of the folder; `cause` itself where nobody holds anything.
 */
export async function keepConversion(converted: string, target: string, cause: unknown): Promise<never> {
  const { code = '' } = cause as NodeJS.ErrnoException;
  if (!IN_USE.has(code)) throw cause;
  const kept = `${target}.new-${randomBytes(3).toString('hex')}`;
  await rename(converted, kept).catch(() => {
    throw cause;
  });
  throw new InputError(
    'MODEL_IN_USE',
    `The model is converted, but could not take the place of ${target}: ${(cause as Error).message}.`,
    {
      hint: `End the programs that use the older one (pali stop --all), remove it (pali rm), and rename ${kept} to it.`,
      cause,
    },
  );
}

function ignoreMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error;
}
