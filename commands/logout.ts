import { exitCodes } from '../src/base/errors.js';
import type { CommandDefinition } from '../src/cli/options/command-definition.js';

export const command: CommandDefinition = {
  group: 'Models',
  description: 'Forget the token of the Hugging Face hub',
  arguments: [],
  options: [],
  notes: 'The Hugging Face tools keep their token in the same place: they are logged out too.',
  examples: ['pali logout'],
  run: async () => {
    const { logOut } = await import('../src/models/hub-account.js');
    const { wasLoggedIn, tokenPath, stillFrom } = await logOut();
    process.stdout.write(wasLoggedIn ? `Removed the token in ${tokenPath}\n` : 'No token was kept.\n');
    if (stillFrom !== undefined) process.stderr.write(`note: ${stillFrom} still holds a token.\n`);
    return exitCodes.ok;
  },
};
