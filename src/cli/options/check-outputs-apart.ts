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
    if (typeof path === 'string') await refuseOverInputs(path, names, `${flag} ${printablePath(path)}`);
  }
}
