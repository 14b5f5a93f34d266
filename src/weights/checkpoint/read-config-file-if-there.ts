import { stat } from 'node:fs/promises';
import { readConfigFile } from './config-file.js';

/**
 * What readConfigFile gives; undefined where there is nothing of that name.
 * @throws {ModelError} it is too large, not JSON, or no file.
 */
export async function readConfigFileIfThere(path: string): Promise<unknown> {
  const isThere = await stat(path).then(
    () => true,
    () => false,
  );
  return isThere ? readConfigFile(path) : undefined;
}
