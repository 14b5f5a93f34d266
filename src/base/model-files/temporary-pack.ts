import { randomBytes } from 'node:crypto';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isLeftBehind, placeMark } from '../files/new-part-path.js';

/** `.packing-<mark of the computer>-<process id>-<random>` */
const NAME = /^\.packing-([0-9a-f]{6})-(\d+)-[0-9a-f]+$/;

/** A folder in a model's own for packed weights that are being written or removed. */
export function newTemporaryPack(modelFolder: string): string {
  return join(modelFolder, `.packing-${placeMark()}-${process.pid}-${randomBytes(6).toString('hex')}`);
}

/** Such folders that killed processes left in a model's folder. */
export async function listLeftPacks(modelFolder: string): Promise<string[]> {
  const left: string[] = [];
  for (const entry of await readdir(modelFolder).catch(() => [])) {
    const [, mark, processId] = NAME.exec(entry) ?? [];
    if (processId === undefined || (mark === placeMark() && Number(processId) === process.pid)) continue;
    const path = join(modelFolder, entry);
    if (await isLeftBehind(path, mark, Number(processId))) left.push(path);
  }
  return left;
}

/** @returns whether there were any. */
export async function removeLeftPacks(modelFolder: string): Promise<boolean> {
  const left = await listLeftPacks(modelFolder);
  for (const path of left) await rm(path, { recursive: true, force: true }).catch(() => undefined);
  return left.length > 0;
}
