import { deviceNames, dtypes, type DeviceName, type Dtype } from '../src/base/dtype.js';
import { exitCodes } from '../src/base/errors.js';
import type { CommandDefinition } from '../src/cli/options/command-definition.js';
import { syntheticNames } from '../src/diagnostics/synthetic-names.js';
import { readChoice, readFlag, readText } from '../src/cli/options/read-option.js';

export const command: CommandDefinition = {
  group: 'Models',
  description: 'Measure how fast a model is on this computer',
  arguments: [],
  options: [
    { flags: '--model <model>', description: 'name of a model, or its folder', values: 'models' },
    {
      flags: '--synthetic <size>',
      description:
        'a model of the size of one of Google’s checkpoints, such as paligemma-3b-448 or paligemma2-10b-224',
      values: syntheticNames,
    },
    { flags: '--dtype <dtype>', description: dtypes.join(', '), values: dtypes },
    { flags: '--device <device>', description: deviceNames.join(', '), values: deviceNames },
    { flags: '--json', description: 'print the numbers as JSON' },
  ],
  notes:
    '--synthetic shows how fast a model would be, before you download it: one with random weights is made in the folder ' +
    'for temporary files, measured and removed. It takes a minute or two, as much memory as the model, and a few ' +
    'gigabytes in that folder.',
  examples: [
    'pali bench',
    'pali bench --synthetic paligemma-3b-448 --dtype int4',
    'pali bench --model demo --json',
  ],
  run: async (call) => {
    const { formatBench, toBenchObject } = await import('../src/cli/models/format-bench.js');
    const { createProgressLine } = await import('../src/cli/results/progress-line.js');
    const { readSetting } = await import('../src/cli/settings/settings.js');
    const { chooseDtype } = await import('../src/cli/settings/choose-dtype.js');
    const { benchModel } = await import('../src/diagnostics/bench-model.js');
    const { modelsFolder } = await import('../src/models/models-folder.js');
    const { measureSynthetic } = await import('../src/diagnostics/measure-synthetic.js');
    const { options, signal } = call;
    const dtype = readChoice(options, 'dtype', dtypes);
    const device =
      readChoice(options, 'device', deviceNames) ?? ((await readSetting('device')).value as DeviceName);
    const synthetic = readText(options, 'synthetic');
    const progress = createProgressLine(false);
    const onProgress = (sentence: string): void => progress.show(sentence);
    const measured = await (async () => {
      if (synthetic !== undefined) {
        const form = dtype ?? chooseDtype((await readSetting('dtype')).value as Dtype | 'auto');
        const wanted = { name: synthetic, dtype: form, device, signal, onProgress };
        const { device: place, ...measurement } = await measureSynthetic(wanted);
        return { name: synthetic, dtype: form, device: place, isSynthetic: true, measurement };
      }
      const model = readText(options, 'model') ?? (await readSetting('default-model')).value;
      return benchModel({ store: modelsFolder(), model, dtype, device, signal, onProgress });
    })().finally(() => progress.clear());
    process.stdout.write(
      readFlag(options, 'json') ? `${JSON.stringify(toBenchObject(measured))}\n` : formatBench(measured),
    );
    return exitCodes.ok;
  },
};
