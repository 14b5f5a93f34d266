import { type DeviceName, type Dtype, dtypes } from '../src/base/dtype.js';
import { exitCodes } from '../src/base/errors.js';
import type { CommandDefinition } from '../src/cli/options/command-definition.js';
import { noPackedOption, readVerbosity, verbosityOptions } from '../src/cli/options/model-options.js';
import { readChoice, readText } from '../src/cli/options/read-option.js';

export const command: CommandDefinition = {
  group: 'Models',
  description: 'Download a checkpoint from the Hugging Face hub and convert it',
  arguments: [
    {
      name: '<repository>',
      description: 'such as google/paligemma-3b-mix-448; paligemma or paligemma2 lists the known ones',
    },
  ],
  options: [
    {
      flags: '--dtype <dtype>',
      description: `${dtypes.join(', ')} (default: by device and memory)`,
      values: dtypes,
    },
    {
      flags: '--revision <revision>',
      description: 'branch, tag or commit (default: the smallest official one that serves the dtype)',
    },
    { flags: '--name <name>', description: "the model's name here (default: the repository's)" },
    { flags: '--adapter <adapter>', description: 'a LoRA adapter to merge: a repository or a folder' },
    { flags: '--no-masks', description: 'leave out the mask decoder that pali segment needs' },
    noPackedOption,
    ...verbosityOptions,
  ],
  notes:
    'An interrupted download resumes where it stopped. Files are kept in the cache of the Hugging Face tools. ' +
    'HF_ENDPOINT, HF_HOME, HF_HUB_CACHE, HF_TOKEN, HF_HUB_OFFLINE and the proxy variables are respected.',
  examples: [
    'pali pull paligemma',
    'pali pull google/paligemma-3b-mix-448',
    'pali pull google/paligemma2-3b-mix-224 --dtype int4',
    'pali pull google/paligemma-3b-pt-448 --adapter me/my-lora --name mine',
  ],
  run: async (call) => {
    const { writeConfigValue } = await import('../src/cli/settings/config.js');
    const { readSetting } = await import('../src/cli/settings/settings.js');
    const { chooseDtype } = await import('../src/cli/settings/choose-dtype.js');
    const { hasColors } = await import('../src/cli/has-colors.js');
    const { ProgressBars } = await import('../src/cli/models/progress-bars.js');
    const { showPull } = await import('../src/cli/models/show-pull.js');
    const [repository] = call.arguments;
    if (/^paligemma2?$/i.test(repository)) {
      const { formatKnownCheckpoints } = await import('../src/cli/models/format-known-checkpoints.js');
      const { listKnownCheckpoints } = await import('../src/models/known-checkpoints.js');
      const known = listKnownCheckpoints(repository.toLowerCase());
      process.stdout.write(formatKnownCheckpoints(known, process.stdout.isTTY === true));
      return exitCodes.ok;
    }
    const { suitDevice } = await import('../src/models/suit-device.js');
    const { modelsFolder } = await import('../src/models/models-folder.js');
    const { pullModel } = await import('../src/models/pull-model.js');
    const wanted =
      readChoice(call.options, 'dtype', dtypes) ?? ((await readSetting('dtype')).value as Dtype | 'auto');
    const device = (await readSetting('device')).value as DeviceName;
    const suited = wanted === 'auto' ? suitDevice(device) : {};
    const dtype = suited.dtype ?? chooseDtype(wanted);
    const { isQuiet } = readVerbosity(call);
    const bars = new ProgressBars(process.stderr, { isQuiet, isColored: hasColors(process.stderr) });
    const tell = (line: string): void => void (isQuiet || process.stderr.write(`${line}\n`));
    if (suited.note !== undefined) tell(`note: ${suited.note}`);
    const model = await pullModel({
      repository,
      dtype,
      name: readText(call.options, 'name'),
      revision: readText(call.options, 'revision'),
      adapter: readText(call.options, 'adapter'),
      isWithoutMasks: !(call.options['masks'] ?? true),
      isUnpacked: !(call.options['packed'] ?? true),
      maskDecoderUrl: (await readSetting('mask-decoder-url')).value || undefined,
      store: modelsFolder(),
      signal: call.signal,
      onEvent: (event) => showPull(event, bars, dtype, tell),
    }).finally(() => bars.finish());
    await writeConfigValue('default-model', model.name);
    const ready = model.isOld ? 'Already here' : 'Ready';
    process.stdout.write(
      `${ready}: ${model.name} (${dtype}, ${model.imageSize} px). It is now the default. Try: pali caption photo.jpg\n`,
    );
    return exitCodes.ok;
  },
};
