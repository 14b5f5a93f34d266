import { exitCodes } from '../src/base/errors.js';
import type { CommandDefinition } from '../src/cli/options/command-definition.js';

export const command: CommandDefinition = {
  group: 'Models',
  description: 'Remove what interrupted downloads and conversions left behind',
  arguments: [],
  options: [],
  notes:
    'Complete downloads stay: they belong to the cache of the Hugging Face tools, which can clear it ' +
    '(hf cache prune). An interrupted download that is removed must start over.',
  examples: ['pali gc'],
  run: async () => {
    const { formatSize } = await import('../src/cli/models/format-size.js');
    const { printablePath } = await import('../src/render/printable-path.js');
    const { collectGarbage } = await import('../src/models/collect-garbage.js');
    const { modelsFolder } = await import('../src/models/models-folder.js');
    const { paths, freedBytes } = await collectGarbage(modelsFolder());
    for (const path of paths) process.stderr.write(`removed ${printablePath(path)}\n`);
    process.stdout.write(paths.length === 0 ? 'Nothing to remove.\n' : `Freed ${formatSize(freedBytes)}\n`);
    return exitCodes.ok;
  },
};
