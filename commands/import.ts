import { basename, resolve } from 'node:path';
import { type DeviceName, type Dtype, dtypes } from '../src/base/dtype.js';
import { exitCodes } from '../src/base/errors.js';
import type { CommandDefinition } from '../src/cli/options/command-definition.js';
import { noPackedOption, readVerbosity, verbosityOptions } from '../src/cli/options/model-options.js';
import { readChoice, readText } from '../src/cli/options/read-option.js';

export const command: CommandDefinition = {
  group: 'Models',
  description: 'Convert a checkpoint folder into a model',
  arguments: [
    { name: '<folder>', description: 'a Hugging Face checkpoint: config.json, safetensors, tokenizer' },
  ],
  options: [
    { flags: '--name <name>', description: "the model's name (default: the folder's)" },
    {
      flags: '--dtype <dtype>',
      description: `${dtypes.join(', ')} (default: by device and memory)`,
      values: dtypes,
    },
    { flags: '--adapter <folder>', description: 'a PEFT LoRA adapter to merge into it' },
    noPackedOption,
    ...verbosityOptions,
  ],
  notes:
    'int8-int4 is the fastest on a CPU; like int8 it runs only there. int4 needs the least memory and also runs on GPUs; ' +
    'fp16 is for GPUs; fp32 is exact. Without --dtype: int4 if models will run on a graphics card, otherwise ' +
    'int8-int4, or int8 if the computer has less than 8 GB of memory.',
  examples: [
    'pali import ./paligemma-3b-mix-448',
    'pali import ./my-finetune --name mine --dtype int4',
    'pali import ./paligemma-3b-pt-448 --adapter ./my-lora --name mine',
  ],
  run: async (call) => {
    const { suitDevice } = await import('../src/models/suit-device.js');
    const { modelsFolder } = await import('../src/models/models-folder.js');
    const { checkModelName } = await import('../src/models/model-store.js');
    const { importModel } = await import('../src/models/import-model.js');
    const { readSetting } = await import('../src/cli/settings/settings.js');
    const { chooseDtype } = await import('../src/cli/settings/choose-dtype.js');
    const { createProgressLine } = await import('../src/cli/results/progress-line.js');
    const [sourceFolder] = call.arguments;
    const name = checkModelName(readText(call.options, 'name') ?? basename(resolve(sourceFolder)));
    const wanted =
      readChoice(call.options, 'dtype', dtypes) ?? ((await readSetting('dtype')).value as Dtype | 'auto');
    const device = (await readSetting('device')).value as DeviceName;
    const suited = wanted === 'auto' ? suitDevice(device) : {};
    const dtype = suited.dtype ?? chooseDtype(wanted);
    const { isQuiet } = readVerbosity(call);
    const progress = createProgressLine(isQuiet);
    const notes: string[] = suited.note === undefined ? [] : [suited.note];
    await importModel({
      sourceFolder,
      name,
      dtype,
      adapterFolder: readText(call.options, 'adapter'),
      isUnpacked: !(call.options['packed'] ?? true),
      store: modelsFolder(),
      signal: call.signal,
      onProgress: ({ part, detail, share }) =>
        progress.show(
          [`importing  ${Math.floor(100 * share)} %  ${part}`, detail].filter(Boolean).join(', '),
        ),
      onNote: (sentence) => notes.push(sentence),
    }).finally(() => progress.clear());
    if (!isQuiet) for (const note of notes) process.stderr.write(`note: ${note}\n`);
    process.stdout.write(`Ready: ${name} (${dtype}). Try: pali caption --model ${name} photo.jpg\n`);
    return exitCodes.ok;
  },
};
