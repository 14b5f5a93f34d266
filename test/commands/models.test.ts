import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadTokenizer } from '../../src/tokens/load-tokenizer.js';
import { runPali } from '../support/run-pali.js';
import { addSamplePack } from '../support/sample-manifest.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const folder = temporaryFolder();
const home = { PALI_HOME: join(folder, 'home') };
const picture = 'fixtures/golden/p00_png_224x224.png';

async function listNames(): Promise<string[]> {
  const { stdout } = await runPali(['models'], home);
  return stdout
    .split('\n')
    .slice(1, -1)
    .map((line) => line.split('\t')[0]);
}

describe('model commands', () => {
  it('import, use, caption, show, rm: a model from beginning to end', async () => {
    const imported = await runPali(['import', 'fixtures/demo', '--name', 'mine', '--dtype', 'int8'], home);
    expect(imported).toMatchObject({ exitCode: 0, stderr: '' });
    expect(await listNames()).toEqual(['mine']);

    expect((await runPali(['use', 'mine'], home)).exitCode).toBe(0);
    expect(await listNames()).toEqual(['mine *']);
    const { stdout, stderr } = await runPali(['caption', '--format', 'json', picture], home);
    expect((JSON.parse(stdout) as { model: object }[])[0].model).toMatchObject({
      name: 'mine',
      dtype: 'int8',
    });
    expect(stderr).not.toContain('demo');

    const shown = await runPali(['show', 'mine', '--verify'], home);
    expect(shown.stdout).toContain('every byte verified');
    expect(shown.stdout).toContain('paligemma');

    expect(await runPali(['rm', 'mine'], home)).toEqual({
      stdout: 'Removed: mine (int8)\n',
      stderr: 'note: it was the default; now the demo model is.\n',
      exitCode: 0,
    });
    expect(await listNames()).toEqual([]);
    expect((await runPali(['caption', '-q', picture], home)).stdout).toBe('two cups\n');

    await runPali(['use', 'demo'], home);
    expect((await runPali(['rm', 'demo'], home)).stderr).toBe('');
    expect((await runPali(['caption', '-q', picture], home)).stdout).toBe('two cups\n');
  });

  it('an answer ends at every token that generation_config.json names', async () => {
    const checkpoint = join(folder, 'two-ends');
    cpSync('fixtures/demo', checkpoint, { recursive: true });
    const [second] = (await loadTokenizer(checkpoint)).encode(' cups');
    writeFileSync(join(checkpoint, 'generation_config.json'), JSON.stringify({ eos_token_id: [1, second] }));
    await runPali(['import', checkpoint, '--name', 'ends', '--dtype', 'fp32'], home);
    expect((await runPali(['caption', '-q', '--model', 'ends', picture], home)).stdout).toBe('two\n');
    await runPali(['rm', 'ends'], home);
  });

  it('the folder of a converted model is a model', async () => {
    const path = join(home.PALI_HOME, 'models', 'demo', 'fp32');
    expect((await runPali(['caption', '-q', '--model', path, picture], home)).stdout).toBe('two cups\n');
  });

  it('two first uses at the same time do not harm each other', async () => {
    const fresh = { PALI_HOME: join(folder, 'fresh') };
    const runs = await Promise.all([1, 2].map(() => runPali(['caption', '-q', picture], fresh)));
    for (const run of runs) expect(run).toEqual({ stdout: 'two cups\n', stderr: '', exitCode: 0 });
    expect(readdirSync(join(fresh.PALI_HOME, 'models'))).toEqual(['demo']);
  });

  it('a damaged file is found: by show --verify and when the model is loaded', async () => {
    const damaged = { PALI_HOME: join(folder, 'damaged') };
    await runPali(['import', 'fixtures/demo', '--name', 'mine', '--dtype', 'fp32'], damaged);
    const file = join(damaged.PALI_HOME, 'models', 'mine', 'fp32', 'vision.data');
    const bytes = readFileSync(file);
    bytes[bytes.length >> 1] ^= 1;
    writeFileSync(file, bytes);
    for (const args of [
      ['show', 'mine', '--verify'],
      ['caption', '--model', 'mine', picture],
    ]) {
      const { stdout, stderr, exitCode } = await runPali(args, damaged);
      expect([exitCode, stdout]).toEqual([6, '']);
      expect(stderr).toContain('vision.data');
    }
  });

  it('packed weights are listed, verified and removed with their model', async () => {
    const packed = { PALI_HOME: join(folder, 'packed') };
    await runPali(['import', 'fixtures/demo', '--name', 'mine', '--dtype', 'int4', '--no-packed'], packed);
    const model = join(packed.PALI_HOME, 'models', 'mine', 'int4');
    expect((await runPali(['show', 'mine'], packed)).stdout).toContain('none, as was asked for');
    rmSync(join(model, 'packed'), { recursive: true });
    addSamplePack(model);
    const good = await runPali(['show', 'mine', '--verify'], packed);
    expect([good.exitCode, good.stderr]).toEqual([0, '']);
    expect(good.stdout).toContain('11 B, for another processor');
    writeFileSync(join(model, 'packed', 'decoder.cpu.onnx'), 'packed hers');
    const bad = await runPali(['show', 'mine', '--verify'], packed);
    expect([bad.exitCode, bad.stdout]).toEqual([6, '']);
    expect(bad.stderr).toContain('Rewrite them with pali pack, or remove that folder');
    const again = await runPali(['pack', 'mine'], packed);
    expect([again.exitCode, again.stdout]).toEqual([7, '']);
    expect(again.stderr).toMatch(
      /There are no packed weights\. (The matrices of this model are too small|They are for Linux)/,
    );
    expect(await runPali(['caption', '-q', '--model', 'mine', picture], packed)).toMatchObject({
      exitCode: 0,
    });
    expect((await runPali(['rm', 'mine'], packed)).exitCode).toBe(0);
    expect(readdirSync(join(packed.PALI_HOME, 'models'))).toEqual([]);
  });

  it('no name is no model, not the current folder', async () => {
    const { stderr, exitCode } = await runPali(['show', ''], home);
    expect([exitCode, stderr.split('\n')[0]]).toEqual([4, "error: There is no model ''."]);
  });

  it('a folder that is no checkpoint is not imported, and leaves nothing', async () => {
    const { stderr, exitCode } = await runPali(['import', 'fixtures/gallery', '--name', 'gallery'], home);
    expect(exitCode).toBe(4);
    expect(stderr).toMatch(/^error: /);
    expect(await listNames()).not.toContain('gallery');
  });

  it('a config file that cannot be read is told, not overwritten', async () => {
    const broken = { PALI_HOME: folder };
    writeFileSync(join(folder, 'config.json'), '{ not json');
    const { stderr, exitCode } = await runPali(['models'], broken);
    expect([exitCode, stderr.split('\n')[0]]).toEqual([2, expect.stringContaining('config file')]);
    expect(readFileSync(join(folder, 'config.json'), 'utf8')).toBe('{ not json');
  });
});
