import type { CommandDefinition } from '../src/cli/options/command-definition.js';
import { answersOption, languageOption, wordOptions } from '../src/cli/options/picture-options.js';
import { picturesArgument } from '../src/cli/options/pictures-argument.js';
import { readText } from '../src/cli/options/read-option.js';
import { runPictureCommand } from '../src/cli/results/run-picture-command.js';
import { answerTask } from '../src/tasks/prompts/answer.js';

export const command: CommandDefinition = {
  group: 'Pictures',
  description: 'Answer a question about a picture',
  arguments: [{ name: '<question>', description: 'the question' }, picturesArgument],
  options: [languageOption, answersOption, ...wordOptions],
  examples: [
    'pali answer "how many dogs are there?" park.jpg',
    'pali answer --lang fr "de quelle couleur ?" a.jpg',
  ],
  run: async (call) => {
    const [question, ...names] = call.arguments;
    return runPictureCommand(call, { task: answerTask(question, readText(call.options, 'lang')), names });
  },
};
