import type { CommandDefinition } from '../src/cli/command-definition.js';
import { pictureOptions } from '../src/cli/picture-options.js';
import { picturesArgument, toInputs } from '../src/cli/pictures-argument.js';
import { runPictureCommand } from '../src/cli/run-picture-command.js';
import { ocrTask } from '../src/tasks/ocr.js';

export const command: CommandDefinition = {
  group: 'Pictures',
  description: 'Read the text in a picture',
  arguments: [picturesArgument],
  options: pictureOptions,
  examples: ['pali ocr sign.jpg', 'pali ocr --format jsonl scans/*.png'],
  run: async (call) => runPictureCommand(call, ocrTask(), toInputs(call.arguments)),
};
