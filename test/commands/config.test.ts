import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runPali } from '../support/run-pali.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const home = temporaryFolder();
const run = (args: string[], env: NodeJS.ProcessEnv = {}): ReturnType<typeof runPali> =>
  runPali(['config', ...args], { PALI_HOME: home, ...env });

interface Row {
  readonly name: string;
  readonly value: string;
  readonly source: string;
}

describe('pali config', () => {
  it('says where each value comes from: variable over file over default', async () => {
    expect((await run(['set', 'device', 'cpu'])).exitCode).toBe(0);
    const list = async (env: NodeJS.ProcessEnv = {}): Promise<Row[]> =>
      JSON.parse((await run(['list', '--json'], env)).stdout) as Row[];
    const device = (rows: Row[]): Row => rows.find(({ name }) => name === 'device')!;
    expect(device(await list())).toMatchObject({ value: 'cpu', source: 'config' });
    expect(device(await list({ PALI_DEVICE: 'webgpu' }))).toMatchObject({
      value: 'webgpu',
      source: 'environment',
    });
    expect((await run(['get', 'device'])).stdout).toBe('cpu\n');
    await run(['reset', 'device']);
    expect(device(await list())).toMatchObject({ value: 'auto', source: 'default' });
    expect((await run([])).stdout).toMatch(/^default-model\tdemo\tdefault\t/m);
  });

  it('refuses what it does not know, and names what is meant', async () => {
    const key = await run(['set', 'devise', 'cpu']);
    expect(key.exitCode).toBe(2);
    expect(key.stderr).toContain('Did you mean device?');
    const value = await run(['set', 'device', 'gpu']);
    expect(value.exitCode).toBe(2);
    expect(value.stderr).toContain('one of auto, cpu');
    expect((await run(['change'])).stderr).toContain("cannot 'change'");
    expect((await run(['get', 'dtype'], { PALI_DTYPE: 'int5' })).stderr).toContain('PALI_DTYPE');
  });

  it('tells when the default model is to be one that is not there', async () => {
    const { stderr, exitCode } = await run(['set', 'default-model', 'nowhere']);
    expect([exitCode, stderr]).toEqual([0, "note: there is no model 'nowhere' yet.\n"]);
    expect((await run(['set', 'default-model', 'demo'])).stderr).toBe('');
    await run(['reset', 'default-model']);
  });

  it('gives commands their defaults', async () => {
    const elsewhere = { PALI_MODEL: 'nowhere' };
    const answer = await runPali(['caption', 'fixtures/gallery/nothing.png'], {
      PALI_HOME: home,
      ...elsewhere,
    });
    expect(answer.exitCode).toBe(4);
    expect(answer.stderr).toContain("There is no model 'nowhere'");
  });

  it('says that the file is damaged', async () => {
    writeFileSync(join(home, 'config.json'), '{"device": 5}');
    const result = await run([]);
    expect(result.exitCode).toBe(2);
    expect(result.stderr).toContain('config file cannot be read');
  });
});
