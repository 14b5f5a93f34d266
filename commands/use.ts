import { exitCodes } from '../src/base/errors.js';
import type { CommandDefinition } from '../src/cli/options/command-definition.js';

export const command: CommandDefinition = {
  group: 'Models',
  description: 'Make a model the default',
  arguments: [{ name: '<name>', description: 'a name from pali models', values: 'models' }],
  options: [],
  examples: ['pali use paligemma-3b-mix-448', 'pali use demo'],
  run: async (call) => {
    const [name] = call.arguments;
    const { writeConfigValue } = await import('../src/cli/settings/config.js');
    const { DEMO_MODEL } = await import('../src/models/demo-model.js');
    const { checkModelName, listDtypes } = await import('../src/models/model-store.js');
    const { modelsFolder } = await import('../src/models/models-folder.js');
    const { unknownModel } = await import('../src/models/resolve-model.js');
    const store = modelsFolder();
    // The demo model is always there; any other must be, or every command would fail from here on.
    const isThere = name === DEMO_MODEL || (await listDtypes(store, checkModelName(name))).length > 0;
    if (!isThere) throw await unknownModel(store, name);
    await writeConfigValue('default-model', name);
    process.stdout.write(`Default model: ${name}\n`);
    return exitCodes.ok;
  },
};
