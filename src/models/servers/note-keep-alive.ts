import { stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { EngineInfo } from '../../engine/engine.js';
import { prepareRuntimeFolder } from '../../engine/remote/runtime-file.js';

/** A shorter load is no reason to keep gigabytes in memory, milliseconds. */
const LONG_LOAD_MS = 2000;
const DAY_MS = 24 * 60 * 60 * 1000;

/**
 * How a model that took long to load here could be kept ready; once a day, undefined otherwise.
 * @param folder where it is kept that it was said.
 */
export async function noteKeepAlive(
  { loadMs, processId }: EngineInfo,
  folder: string,
): Promise<string | undefined> {
  if (loadMs < LONG_LOAD_MS || processId === undefined) return undefined;
  const path = join(folder, 'keep-alive-noted');
  const lastMs = await stat(path).then(
    ({ mtimeMs }) => mtimeMs,
    () => 0,
  );
  if (Date.now() - lastMs < DAY_MS) return undefined;
  try {
    await prepareRuntimeFolder(folder);
    await writeFile(path, '');
  } catch {
    // Where that cannot be kept, saying it every time would be a nuisance.
    return undefined;
  }
  const seconds = (loadMs / 1000).toFixed(1);
  return `The model took ${seconds} s to load. To keep it ready: pali serve --background, or pali config set keep-alive 5m`;
}
