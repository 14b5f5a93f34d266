import { exitCodes } from '../src/base/errors.js';
import type { CommandDefinition } from '../src/cli/options/command-definition.js';

export const command: CommandDefinition = {
  group: 'Models',
  description: 'Save a token of the Hugging Face hub, for gated models',
  arguments: [],
  options: [],
  notes:
    'The token is typed unseen or read from stdin, tried on the hub, and kept where the Hugging Face tools keep ' +
    'theirs, readable only by you. Make one at https://huggingface.co/settings/tokens',
  examples: ['pali login', 'pali login < token.txt'],
  run: async (call) => {
    const { readSecret } = await import('../src/cli/settings/read-secret.js');
    const { logIn } = await import('../src/models/hub-account.js');
    const token = await readSecret('Token (it is not shown): ');
    const { name, tokenSource } = await logIn(token, call.signal);
    process.stdout.write(`Logged in as ${name}. The token is kept in ${tokenSource}\n`);
    const variable = ['HF_TOKEN', 'HUGGING_FACE_HUB_TOKEN'].find((each) => process.env[each]);
    if (variable !== undefined) process.stderr.write(`note: ${variable} is set and wins over it.\n`);
    return exitCodes.ok;
  },
};
