import { dtypes } from '../src/base/dtype.js';
import { exitCodes } from '../src/base/errors.js';
import type { CommandDefinition } from '../src/cli/options/command-definition.js';
import { readChoice, readFlag } from '../src/cli/options/read-option.js';

export const command: CommandDefinition = {
  group: 'Models',
  description: "Rewrite a model's packed weights, which make it load sooner",
  arguments: [
    {
      name: '<name>',
      description: "a name from pali models, or a converted model's folder",
      values: 'models',
    },
  ],
  options: [
    { flags: '--dtype <dtype>', description: 'which dtype of it: int4 or int8-int4', values: dtypes },
    { flags: '-q, --quiet', description: 'only errors on stderr' },
  ],
  notes:
    'Import and pull write them by themselves. Use this if they are missing, damaged, out of date or for another ' +
    'processor; pali show says so. Good ones stay as they are.',
  examples: ['pali pack mine', 'pali pack mine --dtype int4'],
  run: async (call) => {
    const { choosePackedDtype, packModel } = await import('../src/models/pack-model.js');
    const { sumPackBytes } = await import('../src/base/model-files/pack.js');
    const { formatSize } = await import('../src/cli/models/format-size.js');
    const { createProgressLine } = await import('../src/cli/results/progress-line.js');
    const { modelsFolder } = await import('../src/models/models-folder.js');
    const { resolveModel } = await import('../src/models/resolve-model.js');
    const [store, [name]] = [modelsFolder(), call.arguments];
    const dtype = readChoice(call.options, 'dtype', dtypes) ?? (await choosePackedDtype(store, name));
    const model = await resolveModel({ store, model: name, dtype, device: 'cpu' });
    const progress = createProgressLine(readFlag(call.options, 'quiet'));
    const tellStart = (): void => progress.show('packing the weights');
    const { pack, isNew } = await packModel(model.folder, tellStart, call.signal).finally(() =>
      progress.clear(),
    );
    const what = `${model.name} (${model.dtype}), ${formatSize(sumPackBytes(pack))} of packed weights`;
    process.stdout.write(isNew ? `Packed: ${what}\n` : `Already here: ${what}\n`);
    return exitCodes.ok;
  },
};
