import { resolve } from 'node:path';
import { UsageError } from '../../base/errors.js';
import { refuseOverInputs } from '../../base/files/refuse-over-inputs.js';
import { printablePath } from '../../render/printable-path.js';
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
 * Refuse an output that is one of the inputs, or their list: it would be lost, or is still being read.
 * @param names the inputs as the user named them.
 * @throws {UsageError}
 */
export async function checkOutputsApart(
  options: CommandCall['options'],
  names: readonly string[],
): Promise<void> {
  const { output, resume, filesFrom } = options;
  const read = typeof filesFrom === 'string' ? [...names, filesFrom] : names;
  if (typeof output === 'string' && output !== '-' && typeof resume === 'string')
    await refuseSame(output, resume);
  for (const [key, flag] of Object.entries(OUTPUTS)) {
    const path = options[key];
    if (typeof path === 'string' && path !== '-')
      await refuseOverInputs(path, read, `${flag} ${printablePath(path)}`);
  }
}

/** Each would write over the other. */
async function refuseSame(output: string, resume: string): Promise<void> {
  const what = `--output ${printablePath(output)}`;
  if (resolve(output) !== resolve(resume)) return refuseOverInputs(output, [resume], what);
  throw new UsageError('OUTPUT_UNWRITABLE', `${what} is also the file of --resume.`, {
    hint: 'Choose another name.',
  });
}
