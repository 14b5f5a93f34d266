import type { CommandDefinition } from '../src/cli/options/command-definition.js';
import { objectOptions, pictureOptions } from '../src/cli/options/picture-options.js';
import { picturesArgument } from '../src/cli/options/pictures-argument.js';
import { readFlag } from '../src/cli/options/read-option.js';
import { runPictureCommand } from '../src/cli/results/run-picture-command.js';
import { segmentTask } from '../src/tasks/prompts/segment.js';

export const command: CommandDefinition = {
  group: 'Pictures',
  description: 'Find things in a picture, with boxes and masks',
  arguments: [{ name: '<things>', description: 'what to find, such as "dog ; cat"' }, picturesArgument],
  options: [...objectOptions, ...pictureOptions],
  notes: [
    'Text output is the same as with detect. Masks come with --masks, --overlay, or --format json (COCO RLE).',
    'If nothing is found, a terminal shows "none found" and a pipe gets no line; the exit code is 0.',
  ].join('\n'),
  examples: [
    'pali segment dog --masks masks/ park.jpg',
    'pali segment "cup ; plate" --overlay out.png table.jpg',
    'pali segment cup --format yolo --output labels/ *.jpg',
    'pali segment cup --cutout objects/ table.jpg',
  ],
  run: async (call) => {
    const [things, ...names] = call.arguments;
    return runPictureCommand(call, { task: segmentTask(things, readFlag(call.options, 'perClass')), names });
  },
};
