import type { CommandDefinition } from '../src/cli/options/command-definition.js';
import { askingOptions, reportOptions } from '../src/cli/options/eval-options.js';
import {
  modelOptions,
  queueOption,
  serverOptions,
  verbosityOptions,
} from '../src/cli/options/model-options.js';

export const command: CommandDefinition = {
  group: 'Results',
  description: 'Measure a model on pictures whose answers are known',
  arguments: [
    { name: '<dataset>', description: 'a file or folder of pictures with captions, answers, boxes or masks' },
  ],
  options: [
    ...askingOptions,
    ...reportOptions,
    ...modelOptions,
    ...serverOptions,
    queueOption,
    { flags: '--max-tokens <count>', description: 'longest answer, in tokens' },
    { flags: '--no-constrain', description: 'let the model write anything, not only boxes and masks' },
    {
      flags: '--jobs <count>',
      description: 'pictures in progress at the same time (default: 8, with --queue 64)',
    },
    ...verbosityOptions,
  ],
  notes: [
    'Data sets are recognised by their content: JSON lines, COCO captions and instances, VQAv2, TextVQA, DocVQA, POPE,',
    'MMVP, YOLO folders, folders of pictures with .txt captions. Numbers are times 100, with their 95 % confidence',
    'interval. docs/eval.md says what each metric means.',
  ].join(' '),
  examples: [
    'pali eval own.jsonl',
    'pali eval own.jsonl --dtype int8 --resume int8.jsonl',
    'pali eval own.jsonl --dtype int4 --resume int4.jsonl --against int8.jsonl',
    'pali eval annotations/instances_val2017.json --limit 500 --format html -o worst.html',
    'pali eval pope/ --images val2014/',
  ],
  run: async (call) => {
    const { runEval } = await import('../src/cli/results/run-eval.js');
    return runEval(call);
  },
};
