import { PartFile, type PartFileOptions } from './part-file.js';
import { unwritable } from './unwritable.js';

/**
 * Write a file whole or not at all, as PartFile does.
 * @throws {UsageError} the place cannot be written to.
 */
export async function writeFileWhole(
  path: string,
  content: Uint8Array | string,
  options: PartFileOptions = {},
): Promise<void> {
  await replaceFile(path, content, options).catch((error: unknown) => {
    throw unwritable(path, error);
  });
}

/** The same, for those who have words of their own. @throws what the system says. */
export async function replaceFile(
  path: string,
  content: Uint8Array | string,
  options: PartFileOptions = {},
): Promise<void> {
  const file = await PartFile.open(path, options);
  await file.write(content).catch(() => undefined);
  await file.commit();
}
