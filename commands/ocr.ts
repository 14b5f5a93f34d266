import type { CommandDefinition } from '../src/cli/options/command-definition.js';
import { answersOption, wordOptions } from '../src/cli/options/picture-options.js';
import { picturesArgument } from '../src/cli/options/pictures-argument.js';
import { runPictureCommand } from '../src/cli/results/run-picture-command.js';
import { ocrTask } from '../src/tasks/prompts/ocr.js';

export const command: CommandDefinition = {
  group: 'Pictures',
  description: 'Read the text in a picture',
  arguments: [picturesArgument],
  options: [answersOption, ...wordOptions],
  examples: ['pali ocr sign.jpg', 'pali ocr --format jsonl scans/*.png'],
  run: async (call) => runPictureCommand(call, { task: ocrTask(), names: call.arguments }),
};
