import type { CommandDefinition } from '../src/cli/options/command-definition.js';
import { reportOptions } from '../src/cli/options/eval-options.js';
import { verbosityOptions } from '../src/cli/options/model-options.js';

export const command: CommandDefinition = {
  group: 'Results',
  description: 'Measure existing results, from pali or another program',
  arguments: [
    { name: '<results>', description: 'results as JSON lines or a JSON array' },
    { name: '<dataset>', description: 'a file or folder of pictures with captions, answers, boxes or masks' },
  ],
  options: [...reportOptions, ...verbosityOptions],
  notes: [
    'A result names its example by `example`, `question_id`, `image_id` or `id`, or by the picture and the question. It',
    'holds `text`, `answer`, `caption` or `detections`, or is a row of COCO results.',
  ].join(' '),
  examples: [
    'pali score int8.jsonl own.jsonl',
    'pali score captions_val2014_results.json annotations/captions_val2014.json --metric cider,bleu',
    'pali score int4.jsonl own.jsonl --against int8.jsonl --format html -o changed.html',
  ],
  run: async (call) => {
    const { runScore } = await import('../src/cli/results/run-eval.js');
    return runScore(call);
  },
};
