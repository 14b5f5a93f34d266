import { readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ensureFolder } from '../base/files/ensure-folder.js';
import { modelsFolder } from '../models/models-folder.js';

/** Hints are shown on this many first starts. */
const HINTED_STARTS = 3;

/**
 * Whether the REPL is new to this user: one of the first three starts. This start is counted, in a small file beside
 * the models; if it cannot be written there are no hints, rather than hints forever.
 */
export async function countStart(path = join(dirname(modelsFolder()), 'repl-starts')): Promise<boolean> {
  const text = await readFile(path, 'utf8').catch(() => '0');
  const starts = /^\d{1,6}$/.test(text.trim()) ? Number(text) : 0;
  if (starts >= HINTED_STARTS) return false;
  try {
    await ensureFolder(dirname(path));
    await writeFile(path, String(starts + 1));
    return true;
  } catch {
    return false;
  }
}
