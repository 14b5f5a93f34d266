import { exitCodes } from '../src/base/errors.js';
import type { CommandDefinition } from '../src/cli/options/command-definition.js';

export const command: CommandDefinition = {
  group: 'Models',
  description: 'Show whose token pali uses on the Hugging Face hub',
  arguments: [],
  options: [],
  examples: ['pali whoami'],
  run: async (call) => {
    const { findAccount } = await import('../src/models/hub-account.js');
    const { name, tokenSource } = await findAccount(call.signal);
    process.stdout.write(`${name}\n`);
    process.stderr.write(`note: the token is from ${tokenSource}\n`);
    return exitCodes.ok;
  },
};
