import { UsageError } from '../src/base/errors.js';
import type { CommandCall, CommandDefinition } from '../src/cli/options/command-definition.js';
import { answersOption, languageOption, wordOptions } from '../src/cli/options/picture-options.js';
import { picturesArgument } from '../src/cli/options/pictures-argument.js';
import { readFlag, readText } from '../src/cli/options/read-option.js';
import { readRegion } from '../src/tasks/prompts/read-region.js';
import { runPictureCommand } from '../src/cli/results/run-picture-command.js';
import { captionTask } from '../src/tasks/prompts/caption.js';
import { describeTask } from '../src/tasks/prompts/describe.js';
import type { Task } from '../src/tasks/prompts/task.js';

export const command: CommandDefinition = {
  group: 'Pictures',
  description: 'Say in a sentence what a picture shows',
  arguments: [picturesArgument],
  options: [
    languageOption,
    { flags: '--short', description: 'a few words, as alt text for a web page' },
    { flags: '--long', description: 'at length, like pali describe' },
    {
      flags: '--region <x0,y0,x1,y1>',
      description: 'only this box, in pixels or in percent (10%,20%,50%,90%)',
    },
    answersOption,
    ...wordOptions,
  ],
  examples: [
    'pali caption photo.jpg',
    'pali caption --lang es *.jpg',
    'pali caption -n 3 --temperature 0.7 photo.jpg',
    'pali caption --region 10%,20%,50%,90% photo.jpg',
  ],
  run: async (call) => runPictureCommand(call, { task: chooseTask(call), names: call.arguments }),
};

function chooseTask({ options }: CommandCall): Task {
  const language = readText(options, 'lang');
  const region = readText(options, 'region');
  const [isShort, isLong] = [readFlag(options, 'short'), readFlag(options, 'long')];
  if (Number(isShort) + Number(isLong) + Number(region !== undefined) > 1) {
    throw new UsageError('OPTION_VALUE', '--short, --long and --region do not go together.', {
      hint: 'Give one of them.',
    });
  }
  if (isLong) return describeTask(language);
  return captionTask({ language, isShort, region: region === undefined ? undefined : readRegion(region) });
}
