import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isLeftBehind, placeMark } from '../../base/files/new-part-path.js';
import { PACK_FOLDER } from '../../base/model-files/pack.js';
import { newTemporaryPack } from '../../base/model-files/temporary-pack.js';

/** Names the process that runs the packed weights for the first time, while it does. */
const TRYING_FILE = 'trying';
/** They ran. */
const TRIED_FILE = 'tried';
const OWNER = /^([0-9a-f]{6}) (\d+)$/;

/**
 * Packed weights are used once they have run. A kernel that cannot read them may end the process: the next one finds
 * what that left.
 * @returns `begun`: this process is to run them and say what came of it. `unsettled`: another is at it, or the folder
 * cannot be written to.
 */
export async function beginTrial(modelFolder: string): Promise<'passed' | 'begun' | 'failed' | 'unsettled'> {
  const folder = join(modelFolder, PACK_FOLDER);
  const trying = join(folder, TRYING_FILE);
  if (await hasPassedTrial(modelFolder)) return 'passed';
  try {
    await writeFile(trying, `${placeMark()} ${process.pid}`, { flag: 'wx' });
    return 'begun';
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') return 'unsettled';
  }
  const [, mark, processId] = OWNER.exec(await readFile(trying, 'utf8').catch(() => '')) ?? [];
  const isOurs = mark === placeMark() && Number(processId) === process.pid;
  return !isOurs && (await isLeftBehind(trying, mark, Number(processId))) ? 'failed' : 'unsettled';
}

/** Whether they have run. */
export async function hasPassedTrial(modelFolder: string): Promise<boolean> {
  return readFile(join(modelFolder, PACK_FOLDER, TRIED_FILE)).then(
    () => true,
    () => false,
  );
}

/** They ran: they are used from now on. */
export async function passTrial(modelFolder: string): Promise<void> {
  const folder = join(modelFolder, PACK_FOLDER);
  await rename(join(folder, TRYING_FILE), join(folder, TRIED_FILE)).catch(() => undefined);
}

/**
 * Remove packed weights. Moved aside first, so that of two processes one removes them, and that on Windows those in use
 * stay whole.
 * @returns whether this process did.
 */
export async function removePack(modelFolder: string): Promise<boolean> {
  const leaving = newTemporaryPack(modelFolder);
  try {
    await rename(join(modelFolder, PACK_FOLDER), leaving);
  } catch {
    return false;
  }
  await rm(leaving, { recursive: true, force: true }).catch(() => undefined);
  return true;
}
