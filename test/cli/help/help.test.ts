import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { runPali } from '../../support/run-pali.js';

const commandNames = readdirSync('commands').map((file) => file.replace(/\.ts$/, ''));

describe('help, word for word', () => {
  it.each(commandNames)('%s', async (name) => {
    const { stdout, exitCode } = await runPali([name, '--help']);
    expect(exitCode).toBe(0);
    await expect(stdout).toMatchFileSnapshot(`../help-pages/${name}.txt`);
  });

  it('has no file for a command that is gone', () => {
    const files = readdirSync('test/cli/help-pages').map((file) => file.replace(/\.txt$/, ''));
    expect(files.filter((name) => !commandNames.includes(name))).toEqual([]);
  });
});
