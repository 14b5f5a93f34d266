import { UsageError, exitCodes } from '../src/base/errors.js';
import type { CommandDefinition } from '../src/cli/options/command-definition.js';
import { helpTopics } from '../src/cli/help/help-topics.js';

export const command: CommandDefinition = {
  group: 'Other',
  description: 'Explain a command or a topic',
  arguments: [
    {
      name: '[topic]',
      description: `a command, or ${helpTopics.map(({ name }) => name).join(', ')}`,
      values: 'help',
    },
  ],
  options: [],
  notes: 'Without a topic it lists the commands and the topics.',
  examples: ['pali help', 'pali help detect', ...helpTopics.map(({ name }) => `pali help ${name}`)],
  // `pali help` and `pali help COMMAND` are answered before this is loaded: the parser knows the commands.
  run: async (call) => {
    const [wanted = ''] = call.arguments;
    const topic = helpTopics.find(({ name }) => name === wanted);
    if (topic !== undefined) {
      process.stdout.write(await topic.write());
      return exitCodes.ok;
    }
    const { builtFile } = await import('../src/base/package-folder.js');
    const { listCommandNames } = await import('../src/cli/command-folder.js');
    const { findNearestName } = await import('../src/base/nearest-name.js');
    const names = [
      ...helpTopics.map(({ name }) => name),
      ...(await listCommandNames(builtFile('commands/'))),
    ];
    const nearest = findNearestName(wanted, names);
    throw new UsageError('UNKNOWN_TOPIC', `There is no command and no topic '${wanted}'.`, {
      hint: nearest === undefined ? 'List them with: pali help' : `Did you mean: pali help ${nearest}`,
    });
  },
};
