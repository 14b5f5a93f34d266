import { UsageError } from '../src/base/errors.js';
import type { CommandDefinition } from '../src/cli/command-definition.js';
import { pictureOptions } from '../src/cli/picture-options.js';
import { picturesArgument, toInputs } from '../src/cli/pictures-argument.js';
import { runPictureCommand } from '../src/cli/run-picture-command.js';
import { askTask } from '../src/tasks/ask.js';
import type { TaskInput } from '../src/tasks/run-task.js';

export const command: CommandDefinition = {
  group: 'Pictures',
  description: 'Send any prompt, as it is',
  arguments: [
    { name: '<prompt>', description: 'the prompt' },
    { ...picturesArgument, name: '[pictures...]' },
  ],
  options: [
    {
      flags: '--image <path>',
      description: 'a picture of the prompt; several become one prompt about all of them',
      isRepeatable: true,
    },
    ...pictureOptions,
  ],
  examples: [
    'pali ask "caption de" a.jpg b.jpg',
    'pali ask "answer en is there a dog in both?" --image a.jpg --image b.jpg',
  ],
  run: async (call) => {
    const [prompt, ...paths] = call.arguments;
    return runPictureCommand(call, askTask(prompt), readInputs(paths, call.options['image']));
  },
};

function readInputs(paths: readonly string[], image: unknown): TaskInput[] {
  const together = Array.isArray(image) ? image.map(String) : [];
  if (together.length > 0 && paths.length > 0) {
    throw new UsageError('USAGE', 'Pictures come either after the prompt or with --image, not both.', {
      hint: 'After the prompt each picture gets its own answer; those with --image get one together.',
    });
  }
  if (together.length > 0) return [{ name: together.join(', '), pictures: together }];
  if (paths.length > 0) return toInputs(paths);
  throw new UsageError('USAGE', 'There is no picture: PaliGemma answers only about pictures.', {
    hint: 'Name one after the prompt: pali ask "caption en" photo.jpg',
  });
}
