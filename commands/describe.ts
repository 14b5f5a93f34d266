import type { CommandDefinition } from '../src/cli/options/command-definition.js';
import { answersOption, languageOption, wordOptions } from '../src/cli/options/picture-options.js';
import { picturesArgument } from '../src/cli/options/pictures-argument.js';
import { readText } from '../src/cli/options/read-option.js';
import { runPictureCommand } from '../src/cli/results/run-picture-command.js';
import { describeTask } from '../src/tasks/prompts/describe.js';

export const command: CommandDefinition = {
  group: 'Pictures',
  description: 'Describe a picture at length',
  arguments: [picturesArgument],
  options: [languageOption, answersOption, ...wordOptions],
  examples: ['pali describe photo.jpg', 'pali describe --lang de *.jpg'],
  run: async (call) =>
    runPictureCommand(call, {
      task: describeTask(readText(call.options, 'lang')),
      names: call.arguments,
    }),
};
