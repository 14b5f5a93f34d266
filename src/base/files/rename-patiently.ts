import { rename } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';

/** Pauses between tries, milliseconds: two seconds in all, as virus scanners and indexers let go within one. */
const PAUSES_MS = [50, 100, 200, 350, 550, 750];

/** What Windows says of a file that another program has open; elsewhere EBUSY alone may pass. */
const passing = (platform: NodeJS.Platform): readonly string[] =>
  platform === 'win32' ? ['EPERM', 'EBUSY', 'EACCES'] : ['EBUSY'];

/** What renaming needs of the system; tests play other systems. */
export interface RenameSystem {
  readonly platform: NodeJS.Platform;
  readonly rename: (from: string, to: string) => Promise<void>;
  readonly wait: (milliseconds: number) => Promise<unknown>;
}

/** The system that this process runs on. */
export const thisSystem: RenameSystem = { platform: process.platform, rename, wait };

/**
 * Rename, and try again for about two seconds where another program holds the file for a while.
 *
 * @param isHopeless asked after a failure: whether trying again is of no use.
 * @throws what the system said last.
 */
export async function renamePatiently(
  from: string,
  to: string,
  system = thisSystem,
  isHopeless: (code: string) => Promise<boolean> = async () => false,
): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await system.rename(from, to);
    } catch (error) {
      const { code = '' } = error as NodeJS.ErrnoException;
      const isPassing = attempt < PAUSES_MS.length && passing(system.platform).includes(code);
      if (!isPassing || (await isHopeless(code))) throw error;
      await system.wait(PAUSES_MS[attempt]);
    }
  }
}
