import type { CommandDefinition } from '../src/cli/options/command-definition.js';
import { objectOptions, pictureOptions } from '../src/cli/options/picture-options.js';
import { picturesArgument } from '../src/cli/options/pictures-argument.js';
import { readFlag } from '../src/cli/options/read-option.js';
import { runPictureCommand } from '../src/cli/results/run-picture-command.js';
import { detectTask } from '../src/tasks/prompts/detect.js';

export const command: CommandDefinition = {
  group: 'Pictures',
  description: 'Find things in a picture, with boxes',
  arguments: [{ name: '<things>', description: 'what to find, such as "dog ; cat"' }, picturesArgument],
  options: [...objectOptions, ...pictureOptions],
  notes: [
    'Text output has one line for each object: label, score, top left corner, bottom right corner (pixels).',
    'If nothing is found, a terminal shows "none found" and a pipe gets no line; the exit code is 0.',
  ].join('\n'),
  examples: [
    'pali detect dog park.jpg',
    'pali detect "dog ; cat" --overlay boxes.png park.jpg',
    'pali detect car --format jsonl *.jpg | jq .detections',
    'pali detect "dog ; cat" --per-class --format coco --recursive photos/ -o instances.json',
    'pali detect bird --tiles 3 --show flock.jpg',
  ],
  run: async (call) => {
    const [things, ...names] = call.arguments;
    return runPictureCommand(call, { task: detectTask(things, readFlag(call.options, 'perClass')), names });
  },
};
