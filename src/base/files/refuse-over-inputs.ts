import { stat } from 'node:fs/promises';
import { UsageError } from '../errors.js';
import { showName } from '../show-name.js';

/**
 * Refuse to write over a file that is read: it would be lost. Links to it count as the file.
 * @param inputs paths; addresses, patterns and missing files are skipped.
 * @param what names the output in the message; its path when absent.
 * @throws {UsageError}
 */
export async function refuseOverInputs(
  output: string,
  inputs: readonly string[],
  what = showName(output),
): Promise<void> {
  const written = await identify(output);
  if (written === undefined) return;
  for (const input of inputs) {
    if ((await identify(input)) !== written) continue;
    throw new UsageError('OUTPUT_UNWRITABLE', `${what} is an input: it would be written over.`, {
      hint: 'Choose another name.',
    });
  }
}

/** Equal for two names of one file; undefined when there is nothing, or no regular file. */
async function identify(path: string): Promise<string | undefined> {
  const stats = await stat(path, { bigint: true }).catch(() => undefined);
  return stats?.isFile() ? `${stats.dev}:${stats.ino}` : undefined;
}
