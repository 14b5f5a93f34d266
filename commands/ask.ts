import { UsageError } from '../src/base/errors.js';
import type { CommandDefinition } from '../src/cli/options/command-definition.js';
import { answersOption, pictureOptions } from '../src/cli/options/picture-options.js';
import { picturesArgument } from '../src/cli/options/pictures-argument.js';
import { readPromptFile } from '../src/cli/inputs/read-prompt-file.js';
import { readText, readTexts } from '../src/cli/options/read-option.js';
import { runPictureCommand } from '../src/cli/results/run-picture-command.js';
import { askTask } from '../src/tasks/prompts/ask.js';

export const command: CommandDefinition = {
  group: 'Pictures',
  description: 'Send any prompt as it is',
  arguments: [
    { name: '[prompt]', description: 'the prompt, unless --prompt-file is given' },
    picturesArgument,
  ],
  options: [
    { flags: '--prompt-file <file>', description: 'read the prompt from this file' },
    {
      flags: '--image <path>',
      description: 'a picture for the prompt; repeat it to ask about several pictures in one prompt',
      isRepeatable: true,
    },
    answersOption,
    ...pictureOptions,
  ],
  examples: [
    'pali ask "caption de" a.jpg b.jpg',
    'pali ask "answer en is there a dog in both?" --image a.jpg --image b.jpg',
    'pali ask --prompt-file prompt.txt *.jpg',
  ],
  run: async (call) => {
    const promptFile = readText(call.options, 'promptFile');
    const [prompt, ...names] =
      promptFile === undefined ? call.arguments : [await readPromptFile(promptFile), ...call.arguments];
    if (prompt === undefined) {
      throw new UsageError('USAGE', 'There is no prompt.', { hint: 'Help: pali ask --help' });
    }
    const together = readTexts(call.options, 'image');
    if (together.length > 0 && names.length > 0) {
      throw new UsageError('USAGE', 'Pictures come either after the prompt or with --image, not both.', {
        hint: 'After the prompt each picture gets its own answer; those with --image get one together.',
      });
    }
    const isTogether = together.length > 0;
    return runPictureCommand(call, {
      task: askTask(prompt),
      names: isTogether ? together : names,
      isTogether,
    });
  },
};
