import { deviceNames, type DeviceName } from '../src/base/dtype.js';
import type { CommandDefinition } from '../src/cli/options/command-definition.js';
import {
  modelOptions,
  readModelOptions,
  readVerbosity,
  readServerOptions,
  serverOptions,
} from '../src/cli/options/model-options.js';
import { readReplSettings, writeReplSettings } from '../src/cli/settings/config.js';

export const command: CommandDefinition = {
  group: 'Pictures',
  description: 'Open a session about pictures, as `pali` and `pali PICTURE...` do',
  arguments: [{ name: '[pictures...]', description: 'pictures or videos to begin with' }],
  options: [
    ...modelOptions,
    ...serverOptions,
    { flags: '--debug', description: 'show everything, including stack traces of errors' },
  ],
  notes: 'When stdin or stdout is not a terminal, prompts are read from stdin, one per line.',
  examples: [
    'pali',
    'pali photo.jpg',
    'pali repl --device cpu photo.jpg',
    "printf 'caption en\\ndetect cat\\n' | pali photo.jpg",
  ],
  run: async (call) => {
    const options = readModelOptions(call);
    const { isDebug } = readVerbosity(call);
    const { continueHeadStart } = await import('../src/models/prestart-engine.js');
    const { mayHaveServer } = await import('../src/models/servers/may-have-server.js');
    const { runtimeFolder } = await import('../src/models/servers/runtime-folder.js');
    const choice = readServerOptions(call);
    const isServed = choice.servers.length > 0 || (choice.usesServer && mayHaveServer(runtimeFolder()));
    const headStart = continueHeadStart(call.headStart, !isServed);
    try {
      const { readSetting } = await import('../src/cli/settings/settings.js');
      const { startRepl } = await import('../src/repl/start-repl.js');
      const { device, ...saved } = await readReplSettings();
      return await startRepl({
        paths: call.arguments,
        model: options.model ?? (await readSetting('default-model')).value,
        dtype: options.dtype,
        device: options.device ?? findDevice(device ?? (await readSetting('device')).value),
        isDebug,
        ...choice,
        ...(headStart && { headStart }),
        saved,
        saveSettings: writeReplSettings,
        signal: call.signal,
        takeInterrupts: call.takeInterrupts,
      });
    } finally {
      headStart?.giveUp();
    }
  },
};

function findDevice(saved: string | undefined): DeviceName {
  return deviceNames.find((name) => name === saved) ?? 'auto';
}
