import { exitCodes, UsageError } from '../src/base/errors.js';
import type { CommandDefinition } from '../src/cli/options/command-definition.js';
import { settingNames } from '../src/cli/settings/setting-names.js';
import { readFlag } from '../src/cli/options/read-option.js';
import { printablePath } from '../src/render/printable-path.js';

const actions = ['list', 'get', 'set', 'reset'] as const;

export const command: CommandDefinition = {
  group: 'Other',
  description: 'Show and change the settings',
  arguments: [
    { name: '[action]', description: 'list (default), get, set or reset', values: actions },
    { name: '[key]', description: 'a setting; reset without one resets them all', values: settingNames },
    { name: '[value]', description: 'the new value, for set' },
  ],
  options: [{ flags: '--json', description: 'print the list as JSON' }],
  notes:
    "A flag wins over the setting's variable, the variable over the config file, the file over the default. The " +
    'list says where each value comes from.',
  examples: [
    'pali config',
    'pali config set device cpu',
    'pali config get dtype',
    'pali config reset device',
  ],
  run: async (call) => {
    const { clearConfigValue, configPath, writeConfigValue } = await import('../src/cli/settings/config.js');
    const { formatTable } = await import('../src/cli/models/format-table.js');
    const { checkSettingName, checkSettingValue, readSetting, settings } =
      await import('../src/cli/settings/settings.js');
    const [action = 'list', key, value] = call.arguments;
    const known = actions.find((candidate) => candidate === action);
    switch (known) {
      case 'list': {
        const rows = [];
        for (const name of settingNames) rows.push({ name, ...settings[name], ...(await readSetting(name)) });
        if (readFlag(call.options, 'json')) {
          const list = rows.map(({ name, value: current, source, variable }) => ({
            name,
            value: current,
            source,
            variable,
          }));
          process.stdout.write(`${JSON.stringify(list)}\n`);
          return exitCodes.ok;
        }
        const path = await configPath();
        const places = { environment: 'variable', config: path, default: 'default' };
        const lines = rows.map(({ name, value: current, source, variable, description }) => [
          name,
          current || '-',
          source === 'environment' ? variable : places[source],
          description,
        ]);
        process.stdout.write(
          formatTable([['KEY', 'VALUE', 'FROM', 'MEANING'], ...lines], process.stdout.isTTY === true),
        );
        return exitCodes.ok;
      }
      case 'get':
        process.stdout.write(`${(await readSetting(checkSettingName(need(key, 'a key')))).value}\n`);
        return exitCodes.ok;
      case 'set': {
        const name = checkSettingName(need(key, 'a key'));
        await writeConfigValue(name, checkSettingValue(name, need(value, 'a value')));
        const { variable } = settings[name];
        if (process.env[variable]) process.stderr.write(`note: ${variable} is set and wins over it.\n`);
        if (name === 'default-model' && !(await isModelThere(value))) {
          process.stderr.write(`note: there is no model '${printablePath(value)}' yet.\n`);
        }
        return exitCodes.ok;
      }
      case 'reset':
        for (const name of key === undefined ? settingNames : [checkSettingName(key)])
          await clearConfigValue(name);
        return exitCodes.ok;
      case undefined:
        throw new UsageError('USAGE', `pali config cannot '${action}'.`, {
          hint: `It can: ${actions.join(', ')}.`,
        });
    }
  },
};

/** Whether commands would find this model: by its name, or as a folder. */
async function isModelThere(name: string): Promise<boolean> {
  const { resolveModel } = await import('../src/models/resolve-model.js');
  const { modelsFolder } = await import('../src/models/models-folder.js');
  const { DEMO_MODEL } = await import('../src/models/demo-model.js');
  if (name === DEMO_MODEL) return true;
  return resolveModel({ store: modelsFolder(), model: name, device: 'auto' }).then(
    () => true,
    () => false,
  );
}

function need(word: string | undefined, what: string): string {
  if (word !== undefined) return word;
  throw new UsageError('USAGE', `Give ${what}.`, { hint: 'Help: pali config --help' });
}
