import { exitCodes, UsageError } from '../src/base/errors.js';
import type { CommandDefinition } from '../src/cli/options/command-definition.js';
import { readFlag } from '../src/cli/options/read-option.js';

export const command: CommandDefinition = {
  group: 'Servers',
  description: 'Stop a server, after it has finished its current work',
  arguments: [{ name: '[pid]', description: 'its process, as in pali ps; not needed if only one runs' }],
  options: [{ flags: '--all', description: 'stop all of them' }],
  examples: ['pali stop', 'pali stop 4711', 'pali stop --all'],
  run: async (call) => {
    const { stopServers, listRunningServers } = await import('../src/models/servers/stop-servers.js');
    const servers = await listRunningServers();
    const [pid] = call.arguments;
    const chosen = pid === undefined ? servers : servers.filter((server) => String(server.pid) === pid);
    if (chosen.length === 0) {
      const which = pid === undefined ? 'No server runs.' : `No server runs as process ${pid.slice(0, 20)}.`;
      throw new UsageError('SERVER_MISSING', which, { hint: 'List them with: pali ps' });
    }
    if (chosen.length > 1 && !readFlag(call.options, 'all')) {
      throw new UsageError(
        'USAGE',
        `${chosen.length} servers run: ${chosen.map((one) => one.pid).join(', ')}.`,
        {
          hint: 'Name one, or end all of them: pali stop --all',
        },
      );
    }
    for (const stopped of await stopServers(chosen, call.signal)) process.stdout.write(`${stopped}\n`);
    return exitCodes.ok;
  },
};
