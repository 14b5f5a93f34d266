import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { isLeftBehind, placeMark } from '../base/files/new-part-path.js';

/** `.importing-<mark of the computer>-<process id>-<random>`; older ones have no mark. */
const NAME = /^\.importing-(?:([0-9a-f]{6})-)?(\d+)-[0-9a-f]+$/;

/** A folder in the store for what this process converts or removes. */
export function newTemporaryImport(store: string): string {
  return join(store, `.importing-${placeMark()}-${process.pid}-${randomBytes(6).toString('hex')}`);
}

/** Whether an entry of the store is such a folder. */
export function isTemporaryImport(entry: string): boolean {
  return NAME.test(entry);
}

/**
 * Whether a killed process left such a folder behind. What runs in another container or on another computer with the
 * same store cannot be seen, so that its folders count only after a week without a change.
 */
export async function isLeftImport(store: string, entry: string): Promise<boolean> {
  const [, mark, processId] = NAME.exec(entry) ?? [];
  if (processId === undefined || (mark === placeMark() && Number(processId) === process.pid)) return false;
  return isLeftBehind(join(store, entry), mark, Number(processId));
}
