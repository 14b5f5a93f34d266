import type { CommandDefinition } from '../src/cli/options/command-definition.js';
import { answersOption, languageOption, wordOptions } from '../src/cli/options/picture-options.js';
import { picturesArgument } from '../src/cli/options/pictures-argument.js';
import { readText } from '../src/cli/options/read-option.js';
import { runPictureCommand } from '../src/cli/results/run-picture-command.js';
import { questionTask } from '../src/tasks/prompts/question.js';

export const command: CommandDefinition = {
  group: 'Pictures',
  description: 'Find a question about a picture that has this answer',
  arguments: [{ name: '<answer>', description: 'the answer' }, picturesArgument],
  options: [languageOption, answersOption, ...wordOptions],
  examples: ['pali question "two" park.jpg'],
  run: async (call) => {
    const [answer, ...names] = call.arguments;
    return runPictureCommand(call, { task: questionTask(answer, readText(call.options, 'lang')), names });
  },
};
