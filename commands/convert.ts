import type { CommandDefinition } from '../src/cli/options/command-definition.js';
import { verbosityOptions } from '../src/cli/options/model-options.js';
import { outputOptions } from '../src/cli/options/output-options.js';

/** Those that a model or a video is needed for. */
const ABSENT = ['--stream', '--logprobs', '--show', '--dry-run', '--skip-existing', '--resume'];

export const command: CommandDefinition = {
  group: 'Pictures',
  description: 'Write results that exist in another format, or draw them',
  arguments: [
    { name: '<results>', description: 'results as --format jsonl, json or --resume wrote them, or -' },
  ],
  options: [
    ...outputOptions.filter(({ flags }) => !ABSENT.some((name) => flags.startsWith(name))),
    { flags: '--min-score <score>', description: 'leave out objects that score below this, 0 to 1' },
    {
      flags: '--from <folder>',
      description: 'name files from this folder on, as when it was given to the first run',
      isRepeatable: true,
    },
    ...verbosityOptions,
  ],
  notes:
    'No model is loaded. Pictures and frames of videos are read again only to be drawn or copied, from where they were.',
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
