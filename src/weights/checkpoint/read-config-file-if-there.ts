import { pathExists } from '../../base/files/path-exists.js';
import { readConfigFile } from './config-file.js';

/**
 * What readConfigFile gives; undefined where there is nothing of that name.
 * @throws {ModelError} it is too large, not JSON, or no file.
 */
export async function readConfigFileIfThere(path: string): Promise<unknown> {
  return (await pathExists(path)) ? readConfigFile(path) : undefined;
}
