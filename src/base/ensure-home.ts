import { homedir } from 'node:os';
import { resolve } from 'node:path';
import { UsageError } from './errors.js';

/**
 * Make sure that there is a home folder before anything asks for it: a user id without an entry in passwd, as
 * containers run with, has none unless HOME is set, and our packages ask while they are loaded. PALI_HOME then
 * stands in for it.
 *
 * @throws {UsageError} neither is there.
 */
export function ensureHome(env: NodeJS.ProcessEnv = process.env, findHome: () => string = homedir): void {
  try {
    findHome();
  } catch (error) {
    if (!env['PALI_HOME']) {
      throw new UsageError('NO_HOME', 'This user has no home folder.', {
        hint: 'Set HOME or PALI_HOME to a folder that you may write to.',
        cause: error,
      });
    }
    Object.assign(env, { HOME: resolve(env['PALI_HOME']) });
  }
}
