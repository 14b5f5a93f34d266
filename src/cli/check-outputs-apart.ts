import { stat } from 'node:fs/promises';
import { UsageError } from '../base/errors.js';
import { printablePath } from '../render/printable-path.js';
import type { CommandCall } from './command-definition.js';

/** Options that name a file to write, as commander calls them. */
const OUTPUTS = {
  output: '--output',
  overlay: '--overlay',
  annotate: '--annotate',
  contactSheet: '--contact-sheet',
  resume: '--resume',
};

/**
 * Refuse an output that is one of the inputs: it would be lost, or is still being read.
 * @param names the inputs as the user named them.
 * @throws {UsageError}
 */
export async function checkOutputsApart(
  options: CommandCall['options'],
  names: readonly string[],
): Promise<void> {
  for (const [key, flag] of Object.entries(OUTPUTS)) {
    const path = options[key];
    if (typeof path !== 'string') continue;
    const written = await identify(path);
    if (written === undefined) continue;
    for (const name of names) {
      if ((await identify(name)) !== written) continue;
      throw new UsageError(
        'OPTION_VALUE',
        `${flag} ${printablePath(path)} is an input: it would be written over.`,
        {
          hint: 'Choose another name.',
        },
      );
    }
  }
}

/** The same for all names of a file; undefined for what is no file. */
async function identify(path: string): Promise<string | undefined> {
  return stat(path, { bigint: true }).then(
    (stats) => (stats.isFile() ? `${stats.dev}:${stats.ino}` : undefined),
    () => undefined,
  );
}
