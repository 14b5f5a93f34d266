import type { CommandDefinition } from '../src/cli/options/command-definition.js';
import { verbosityOptions } from '../src/cli/options/model-options.js';
import { outputOptions } from '../src/cli/options/output-options.js';

/** Those that a model or a video is needed for. */
const ABSENT = ['--stream', '--logprobs', '--show', '--dry-run', '--skip-existing', '--resume'];

export const command: CommandDefinition = {
  group: 'Results',
  description: 'Write existing results in another format, or draw them',
  arguments: [
    { name: '<results>', description: 'a file from --format jsonl, json or --resume, or - for stdin' },
  ],
  options: [
    ...outputOptions.filter(({ flags }) => !ABSENT.some((name) => flags.startsWith(name))),
    { flags: '--min-score <score>', description: 'leave out objects that score below this, 0 to 1' },
    {
      flags: '--from <folder>',
      description: 'name files relative to this folder, as if the first run had been given it',
      isRepeatable: true,
    },
    ...verbosityOptions,
  ],
  notes:
    'No model is loaded. Pictures and videos are read again, from where they were, only to be drawn or copied.',
  examples: [
    'pali convert results.jsonl --format yolo --split 0.8 --from photos/ -o set/',
    'pali convert results.jsonl --format csv --min-score 0.5 -o results.csv',
    'pali convert results.jsonl -q --overlay boxes/ --contact-sheet all.png',
    'pali convert film.jsonl --format coco --frames-to frames/ -o instances.json',
  ],
  run: async (call) => {
    const { runConvert } = await import('../src/cli/results/run-convert.js');
    return runConvert(call);
  },
};
