import { exitCodes } from '../src/base/errors.js';
import type { CommandDefinition } from '../src/cli/options/command-definition.js';
import { readChoice } from '../src/cli/options/read-option.js';

export const command: CommandDefinition = {
  group: 'Models',
  description: 'List the installed models',
  arguments: [],
  options: [
    { flags: '--format <format>', description: 'text, json (default: text)', values: ['text', 'json'] },
  ],
  notes:
    'A * marks the default model, which commands use unless --model says otherwise. Choose it with: pali use NAME',
  examples: ['pali models', 'pali models --format json'],
  run: async (call) => {
    const format = readChoice(call.options, 'format', ['text', 'json']) ?? 'text';
    const { readSetting } = await import('../src/cli/settings/settings.js');
    const { formatModelTable, toModelObject } = await import('../src/cli/models/format-models.js');
    const { listModels } = await import('../src/models/model-store.js');
    const { modelsFolder } = await import('../src/models/models-folder.js');
    const models = await listModels(modelsFolder());
    const defaultModel = (await readSetting('default-model')).value;
    process.stdout.write(
      format === 'json'
        ? `${JSON.stringify(models.map((model) => toModelObject(model, defaultModel)))}\n`
        : formatModelTable(models, defaultModel, process.stdout.isTTY === true),
    );
    if (models.length === 0) {
      process.stderr.write(
        'note: no model was imported yet; the demo model is made when it is first used.\n',
      );
    }
    return exitCodes.ok;
  },
};
