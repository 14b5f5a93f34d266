import { dtypes } from '../src/base/dtype.js';
import { exitCodes } from '../src/base/errors.js';
import type { CommandDefinition } from '../src/cli/options/command-definition.js';
import { readChoice } from '../src/cli/options/read-option.js';

export const command: CommandDefinition = {
  group: 'Models',
  description: 'Remove a model',
  arguments: [{ name: '<name>', description: 'a name from pali models', values: 'models' }],
  options: [
    { flags: '--dtype <dtype>', description: 'only this dtype of it (default: all)', values: dtypes },
  ],
  notes: 'The demo model is made again the next time it is used.',
  examples: ['pali rm mine', 'pali rm mine --dtype fp32'],
  run: async (call) => {
    const [name] = call.arguments;
    const dtype = readChoice(call.options, 'dtype', dtypes);
    const { clearConfigValue, readConfigValue } = await import('../src/cli/settings/config.js');
    const { DEMO_MODEL } = await import('../src/models/demo-model.js');
    const { listDtypes } = await import('../src/models/model-store.js');
    const { modelsFolder } = await import('../src/models/models-folder.js');
    const { removeModel } = await import('../src/models/remove-model.js');
    const store = modelsFolder();
    const removed = await removeModel(store, name, dtype);
    const isGone = (await listDtypes(store, name)).length === 0;
    if (isGone && (await readConfigValue('default-model')) === name) {
      await clearConfigValue('default-model');
      if (name !== DEMO_MODEL) process.stderr.write('note: it was the default; now the demo model is.\n');
    }
    process.stdout.write(`Removed: ${name} (${removed.join(', ')})\n`);
    return exitCodes.ok;
  },
};
