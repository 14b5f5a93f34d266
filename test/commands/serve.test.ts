import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fixturePath } from '../../fixtures/index.js';
import { runPali, type PaliRun } from '../support/run-pali.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const home = temporaryFolder();
const servers = join(home, 'servers');
const picture = fixturePath('golden', 'p00_png_224x224.png');
const run = (...args: string[]): Promise<PaliRun> => runPali(args, { PALI_HOME: home });
const caption = (...args: string[]): Promise<PaliRun> => run('caption', '-v', ...args, picture);
const answer = { stdout: 'two cups\n', exitCode: 0 };

async function start(...args: string[]): Promise<number> {
  const { stdout, stderr } = await run('serve', '--background', ...args);
  const pid = Number(/process (\d+)/.exec(stdout)?.[1]);
  expect(stderr).toBe('');
  return pid;
}

// The first run converts the demo model.
beforeAll(async () => void (await run('caption', picture)));
afterAll(async () => void (await run('stop', '--all')));

describe('pali serve', () => {
  it('is found by commands, listed and stopped, and leaves nothing', async () => {
    const pid = await start('--port', '0');
    const served = await caption();
    expect(served).toMatchObject(answer);
    expect(served.stderr).toContain(`Asking the server of process ${pid}.`);
    expect((await caption('--no-server')).stderr).not.toContain('Asking');
    const exact = async (...args: string[]): Promise<unknown> => {
      const { stdout } = await run(
        'caption',
        '-q',
        '--format',
        'json',
        ...args,
        fixturePath('gallery', 'farm.png'),
      );
      return (JSON.parse(stdout) as object[]).map((result) => ({ ...result, timings: undefined }));
    };
    expect(await exact()).toEqual(await exact('--no-server'));
    // The server decodes the picture: loading a decoder is what a command has no time for.
    const watch = join(home, 'watch.cjs');
    writeFileSync(
      watch,
      `const load = process.dlopen;
      process.dlopen = (...args) => (/sharp/.test(args[1]) && console.error('sharp is loaded'), load.apply(process, args));`,
    );
    const watched = { PALI_HOME: home, NODE_OPTIONS: `--require=${watch}` };
    const loads = async (...args: string[]): Promise<string> =>
      (await runPali(['caption', '-q', ...args, picture], watched)).stderr;
    expect([await loads(), await loads('--no-server')]).toEqual([
      '',
      expect.stringContaining('sharp is loaded'),
    ]);
    const missing = join(home, 'missing.png');
    const words = join(home, 'words.png');
    writeFileSync(words, 'no picture');
    expect(await run('caption', missing)).toMatchObject({
      stderr: expect.stringContaining('There is no file') as string,
      exitCode: 3,
    });
    expect(await run('caption', words)).toMatchObject({ exitCode: 3 });
    const { stdout } = await run('ps', '--json');
    expect(JSON.parse(stdout)).toMatchObject([
      { pid, status: { models: [{ name: 'demo', dtype: 'fp32', device: 'cpu' }] } },
    ]);
    expect((await run('ps')).stdout).toContain('demo fp32');
    expect(await run('stop')).toMatchObject({
      stdout: `The server of process ${pid} has ended.\n`,
      exitCode: 0,
    });
    expect(readdirSync(servers)).toEqual(['serve.log']);
    expect(await run('stop')).toMatchObject({ exitCode: 2 });
    expect((await run('ps')).stderr).toContain('No server runs.');
  });

  it('that hangs is left after a while, and the command goes on by itself', async () => {
    const pid = await start('--local', '--model', 'demo');
    process.kill(pid, 'SIGSTOP');
    const { stderr, ...rest } = await caption();
    expect(rest).toMatchObject(answer);
    expect(stderr).toMatch(
      /hangs: nothing came from it for 6 s.* The model is loaded by this command instead\./,
    );
    process.kill(pid, 'SIGKILL');
  });

  it('that was killed is not asked, and its file and socket are removed', async () => {
    const pid = await start('--local');
    process.kill(pid, 'SIGKILL');
    expect(readdirSync(servers)).toContain(`${pid}.json`);
    await expect
      .poll(() => runPali(['ps'], { PALI_HOME: home }).then(({ stderr }) => stderr))
      .toContain('No server runs.');
    expect(await caption()).toMatchObject(answer);
    expect(readdirSync(servers)).toEqual(['serve.log']);
  });

  it('of another version is not asked', async () => {
    const pid = await start('--local');
    const path = join(servers, `${pid}.json`);
    const record = readFileSync(path, 'utf8');
    writeFileSync(path, record.replace(/"version":"[^"]*"/, '"version":"9.9.9"'));
    const { stderr, ...rest } = await caption();
    expect(rest).toMatchObject(answer);
    expect(stderr).toContain(`The server of process ${pid} is pali 9.9.9`);
    writeFileSync(path, record);
    await run('stop');
  });

  it('whose file was damaged, or is of a program that is no server, breaks nothing', async () => {
    mkdirSync(servers, { recursive: true });
    writeFileSync(join(servers, `${process.pid}.json`), '{"half');
    expect(await caption()).toMatchObject(answer);
    const record = {
      pid: process.pid,
      version: '0.1.0',
      socketPath: join(home, 'nobody'),
      secret: 'x',
      startedAt: 'now',
    };
    writeFileSync(join(servers, `${process.pid}.json`), JSON.stringify(record));
    const { stderr, ...rest } = await caption();
    expect(rest).toMatchObject(answer);
    expect(stderr).toContain('nothing listens there');
    rmSync(join(servers, `${process.pid}.json`));
  });

  it('cannot share a port, and says so', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => other.once('listening', resolve));
    const { port } = other.address() as { port: number };
    const { stderr, exitCode } = await run('serve', '--port', String(port));
    expect(exitCode).toBe(2);
    expect(stderr).toContain(`The server cannot listen on 127.0.0.1:${port}: another program listens there.`);
    const inBackground = await run('serve', '--background', '--port', String(port));
    expect(inBackground).toMatchObject({ exitCode: 7 });
    expect(inBackground.stderr).toContain('another program listens there');
    other.close();
  });

  it.each([
    [
      'a socket path that is too long',
      ['--socket', `/tmp/${'x'.repeat(120)}`],
      'The path of the socket is too long',
    ],
    ['a socket in the place of a file', ['--socket', picture, '--port', '0'], 'a file is there'],
    ['another host without a key', ['--host', '0.0.0.0'], 'that needs a key'],
    ['a time that is none', ['--keep-alive', 'soon'], "--keep-alive cannot be 'soon'"],
    ['a site that is none', ['--cors', 'example.org/path'], '--cors cannot be'],
    ['an unknown model', ['--model', 'nothing', '--port', '0'], "There is no model 'nothing'."],
  ])('refuses %s', async (_, args, message) => {
    const { stderr, exitCode } = await run('serve', ...args);
    expect(stderr).toContain(message);
    expect([2, 4]).toContain(exitCode);
    expect(readdirSync(servers).filter((name) => name !== 'serve.log')).toEqual([]);
  });

  it('needs a folder that it may write to', async () => {
    const other = join(home, 'other');
    mkdirSync(other);
    writeFileSync(join(other, 'servers'), '');
    const { stderr, exitCode } = await runPali(['serve', '--port', '0'], { PALI_HOME: other });
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/The folder .*servers cannot be made: a file is in its place/);
  });

  it('is started by a command that is to keep its model, and ends by itself', async () => {
    const env = { PALI_HOME: home, PALI_KEEP_ALIVE: '1s' };
    const first = await runPali(['caption', '-v', picture], env);
    expect(first).toMatchObject(answer);
    expect(first.stderr).toContain('A server was started; it keeps the model for 1s.');
    await expect
      .poll(() => readdirSync(servers).filter((name) => name.endsWith('.json')), { timeout: 20_000 })
      .toEqual([]);
  });
});
