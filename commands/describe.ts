import type { CommandDefinition } from '../src/cli/command-definition.js';
import { languageOption, pictureOptions } from '../src/cli/picture-options.js';
import { picturesArgument, toInputs } from '../src/cli/pictures-argument.js';
import { readText } from '../src/cli/read-option.js';
import { runPictureCommand } from '../src/cli/run-picture-command.js';
import { describeTask } from '../src/tasks/describe.js';

export const command: CommandDefinition = {
  group: 'Pictures',
  description: 'Describe a picture at length',
  arguments: [picturesArgument],
  options: [languageOption, ...pictureOptions],
  examples: ['pali describe photo.jpg', 'pali describe --lang de *.jpg'],
  run: async (call) =>
    runPictureCommand(call, describeTask(readText(call.options, 'lang')), toInputs(call.arguments)),
};
