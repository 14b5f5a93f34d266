import { deviceNames, type DeviceName } from '../src/base/dtype.js';
import { exitCodes } from '../src/base/errors.js';
import type { CommandDefinition } from '../src/cli/options/command-definition.js';
import { readModelOptions } from '../src/cli/options/model-options.js';
import { readServeFlags, serveFlags } from '../src/cli/options/serve-options.js';

export const command: CommandDefinition = {
  group: 'Servers',
  description: 'Keep a model loaded, for pali and other programs',
  arguments: [],
  options: serveFlags,
  notes: [
    'Your own commands find the server automatically. Other programs use HTTP: chat completions and responses as in',
    "OpenAI's API, and tasks as on the command line (docs/server.md).",
  ].join(' '),
  examples: [
    'pali serve',
    'pali serve --background --keep-alive 30m',
    'pali serve --host 0.0.0.0 --api-key "$(openssl rand -hex 16)"',
    'pali caption photo.jpg    # asks the server',
    'pali stop',
  ],
  run: async (call) => {
    const flags = readServeFlags(call);
    const { readSetting } = await import('../src/cli/settings/settings.js');
    const wanted = readModelOptions(call);
    const model = wanted.model ?? (await readSetting('default-model')).value;
    const saved = (await readSetting('device')).value;
    const device: DeviceName = wanted.device ?? deviceNames.find((name) => name === saved) ?? 'auto';
    if (flags.isBackground) {
      const { startBackground } = await import('../src/models/servers/start-background.js');
      const { pid, url } = await startBackground(flags.backgroundArguments, call.signal);
      const where = url === undefined ? '' : ` on ${url}`;
      process.stdout.write(`pali is serving${where} (process ${pid}). Stop it with: pali stop\n`);
      return exitCodes.ok;
    }
    const { runServer } = await import('../src/serve/run-server.js');
    await runServer({ ...flags, model, dtype: wanted.dtype, device }, call.signal);
    return exitCodes.ok;
  },
};
