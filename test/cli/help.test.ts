import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { runPali } from './run-pali.js';

const commandNames = readdirSync('commands').map((file) => file.replace(/\.ts$/, ''));

describe('help, word for word', () => {
  it.each(commandNames)('%s', async (name) => {
    const { stdout, exitCode } = await runPali([name, '--help']);
    expect(exitCode).toBe(0);
    await expect(stdout).toMatchFileSnapshot(`help/${name}.txt`);
  });

  it('has a file for each command and no other', () => {
    expect(readdirSync('test/cli/help').sort()).toEqual(commandNames.map((name) => `${name}.txt`).sort());
  });
});
