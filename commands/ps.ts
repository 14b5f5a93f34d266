import { exitCodes } from '../src/base/errors.js';
import type { CommandDefinition } from '../src/cli/options/command-definition.js';
import { readFlag } from '../src/cli/options/read-option.js';

export const command: CommandDefinition = {
  group: 'Servers',
  description: 'List running servers and the models in their memory',
  arguments: [],
  options: [{ flags: '--json', description: 'print the list as JSON' }],
  examples: ['pali ps', 'pali ps --json | jq ".[].models[].name"'],
  run: async (call) => {
    const { describeServers } = await import('../src/cli/models/describe-servers.js');
    const { rows, servers } = await describeServers();
    if (readFlag(call.options, 'json')) {
      process.stdout.write(`${JSON.stringify(servers)}\n`);
      return exitCodes.ok;
    }
    if (servers.length === 0) {
      process.stderr.write('No server runs. Start one with: pali serve --background\n');
      return exitCodes.ok;
    }
    const { formatTable } = await import('../src/cli/models/format-table.js');
    process.stdout.write(formatTable(rows, process.stdout.isTTY === true));
    return exitCodes.ok;
  },
};
