import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { spawn } from 'node:child_process';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fixturePath } from '../../fixtures/index.js';
import { runPali } from '../support/run-pali.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { FakeHub, revisionOf } from '../support/fake-hub.js';
import { addSampleModel } from '../support/sample-manifest.js';
import { placeMark } from '../../src/base/files/new-part-path.js';

const folder = temporaryFolder();
let hub: FakeHub;
let homes = 0;

beforeAll(async () => {
  hub = await FakeHub.start();
  const vae = readFileSync(fixturePath('masks', 'vae.npz'));
  const revision = revisionOf(fixturePath('checkpoints', 'pg1-tiny'), { 'vae.npz': vae });
  hub.repositories.set('google/tiny', {
    revisions: new Map([['main', revision]]),
    onlyFor: 'hf_good',
    licence: 'gemma',
  });
});
afterAll(() => hub.stop());

function newHome(): { home: string; env: NodeJS.ProcessEnv } {
  const home = join(folder, `home-${homes++}`);
  return { home, env: { PALI_HOME: home, HF_HOME: join(home, 'hf'), HF_ENDPOINT: hub.endpoint } };
}

/** Run with a text on stdin. */
async function runWithInput(
  args: string[],
  env: NodeJS.ProcessEnv,
  input: string,
): Promise<{ code: number | null; output: string }> {
  const child = spawn(process.execPath, [resolve('bin/pali.js'), ...args], {
    env: { PATH: process.env['PATH'], ...env },
  });
  let output = '';
  child.stdout.on('data', (text: Buffer) => (output += text.toString()));
  child.stderr.on('data', (text: Buffer) => (output += text.toString()));
  child.stdin.end(input);
  const code = await new Promise<number | null>((settle) => child.on('close', settle));
  return { code, output };
}

describe('a gated model', () => {
  it('is pulled after login, becomes the default, and stays readable after logout', async () => {
    const { home, env } = newHome();
    const refused = await runPali(['pull', 'google/tiny'], env);
    expect(refused.exitCode).toBe(4);
    expect(refused.stderr).toContain(
      `Accept the licence at ${hub.endpoint}/google/tiny, then run: pali login`,
    );

    expect(await runWithInput(['login'], env, 'hf_bad\n')).toMatchObject({ code: 4 });
    expect(existsSync(join(home, 'hf', 'token'))).toBe(false);
    const login = await runWithInput(['login'], env, 'hf_good\n');
    expect(login).toMatchObject({ code: 0 });
    expect(login.output).toContain('Logged in as somebody');
    expect(login.output).not.toContain('hf_good');
    expect(statSync(join(home, 'hf', 'token')).mode & 0o777).toBe(0o600);
    expect((await runPali(['whoami'], env)).stdout).toBe('somebody\n');

    const pulled = await runPali(['pull', 'google/tiny', '--dtype', 'fp32'], env);
    expect(pulled.stdout).toBe(
      'Ready: tiny (fp32, 56 px). It is now the default. Try: pali caption photo.jpg\n',
    );
    expect(pulled.stderr).toContain('licence gemma');
    expect(pulled.stderr).toMatch(/^model {2}[\d.]+ [kM]B {2}checked$/m);
    expect((await runPali(['models'], env)).stdout).toContain('tiny *');
    expect((await runPali(['show', 'tiny', '--dtype', 'int4'], env)).stderr).toContain(
      'For int4: pali pull google/tiny --name tiny --dtype int4',
    );
    const again = await runPali(['pull', 'google/tiny', '--dtype', 'fp32'], env);
    expect(again.stdout).toContain('Already here: tiny');

    expect((await runPali(['logout'], env)).stdout).toContain('Removed the token');
    expect(await runPali(['whoami'], env)).toMatchObject({ exitCode: 4 });
    expect((await runPali(['show', 'tiny'], env)).stdout).toContain('licence gemma');
  });
});

describe('pali gc', () => {
  it('removes what dead processes left, and nothing else', async () => {
    const { home, env } = newHome();
    const blobs = join(home, 'hf', 'hub', 'models--a--b', 'blobs');
    mkdirSync(blobs, { recursive: true });
    const gone = `${'a'.repeat(64)}`;
    const live = `${'b'.repeat(64)}`;
    const hostname = (await import('node:os')).hostname();
    for (const [name, content] of Object.entries({
      [`${gone}.pali-partial`]: 'x'.repeat(1000),
      [`${gone}.pali-parts`]: 'x',
      [`${gone}.pali-lock`]: `${hostname} 999999999 x\n`,
      [`${live}.pali-partial`]: 'x',
      [`${live}.pali-parts`]: 'x',
      [`${live}.pali-lock`]: `${hostname} ${process.pid} x\n`,
      ['c'.repeat(64)]: 'whole',
      [`${'d'.repeat(64)}.incomplete`]: 'of another tool',
    })) {
      writeFileSync(join(blobs, name), content);
    }
    mkdirSync(join(home, 'models', `.importing-${placeMark()}-999999999-abcdef012345`), { recursive: true });
    mkdirSync(join(home, 'models', `.importing-${placeMark()}-${process.pid}-abcdef012345`), {
      recursive: true,
    });
    const model = addSampleModel(join(home, 'models'), 'mine', 'int4');
    for (const owner of [999999999, process.pid]) {
      mkdirSync(join(model, `.packing-${placeMark()}-${owner}-abcdef012345`));
    }
    mkdirSync(join(model, 'packed'));
    const temporary = join(home, 'tmp');
    for (const owner of [999999999, process.pid]) {
      mkdirSync(join(temporary, `pali-synthetic-${owner}-abc`), { recursive: true });
      writeFileSync(join(temporary, `pali-1-${owner}.lock`), `${hostname} ${owner} x\n`);
    }
    const result = await runPali(['gc'], { ...env, TMPDIR: temporary });
    expect(result).toMatchObject({ exitCode: 0 });
    expect(readdirSync(temporary).sort()).toEqual([
      `pali-1-${process.pid}.lock`,
      `pali-synthetic-${process.pid}-abc`,
    ]);
    expect(result.stdout).toMatch(/^Freed /);
    expect(readdirSync(blobs).sort()).toEqual(
      [
        `${live}.pali-partial`,
        `${live}.pali-parts`,
        `${live}.pali-lock`,
        'c'.repeat(64),
        `${'d'.repeat(64)}.incomplete`,
      ].sort(),
    );
    expect(readdirSync(join(home, 'models'))).toEqual([
      `.importing-${placeMark()}-${process.pid}-abcdef012345`,
      'mine',
    ]);
    expect(readdirSync(model)).toEqual([
      `.packing-${placeMark()}-${process.pid}-abcdef012345`,
      'manifest.json',
      'packed',
    ]);
    expect((await runPali(['gc'], { ...env, TMPDIR: temporary })).stdout).toBe('Nothing to remove.\n');
  });
});
