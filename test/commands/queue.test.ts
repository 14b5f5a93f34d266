import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fixturePath } from '../../fixtures/index.js';
import { redisMissing, startRedis, type QueueServer } from '../support/queue-servers.js';
import { runPali, type PaliRun } from '../support/run-pali.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const PICTURES = ['farm', 'sea', 'snow'].map((name) => fixturePath('gallery', `${name}.png`));

describe('a queue on the command line', () => {
  if (redisMissing !== undefined) {
    it.skip(redisMissing, () => undefined);
    return;
  }
  const home = temporaryFolder();
  let server: QueueServer;
  let worker: ChildProcess;
  let log = '';

  const run = (...args: string[]): Promise<PaliRun> =>
    runPali(args, { PALI_HOME: home, PALI_QUEUE_URL: server.url });

  beforeAll(async () => {
    server = await startRedis();
    // The worker converts the demo model first.
    worker = spawn(process.execPath, [resolve('bin/pali.js'), 'worker', '--log', 'json'], {
      env: { PATH: process.env['PATH'], PALI_HOME: home, PALI_QUEUE_URL: server.url },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    worker.stderr!.on('data', (text: Buffer) => (log += text.toString()));
  });
  afterAll(async () => {
    worker.kill('SIGKILL');
    await server.stop();
  });

  it('gives what the model gives here, and says who works', async () => {
    const results = async (...args: string[]): Promise<unknown> => {
      const { stdout, exitCode } = await run(...args, '-q', '--format', 'jsonl', ...PICTURES);
      expect(exitCode).toBe(0);
      const rows = stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as object);
      return rows.map((row) => ({ ...row, timings: undefined }));
    };
    for (const task of [['caption'], ['segment', 'whale ; cow']]) {
      expect(await results(...task)).toEqual(await results(...task, '--no-server'));
    }
    const { stdout } = await run('queue', '--json');
    expect(JSON.parse(stdout)).toMatchObject({
      queue: 'pali',
      server: `redis://127.0.0.1:${server.port}/0`,
      models: [{ name: 'demo', dtype: 'fp32', waiting: 0, failed: 0, workers: [{ pid: worker.pid }] }],
    });
    expect((await run('queue')).stdout).toMatch(/^MODEL\tWAITING\t.*\ndemo fp32\t0\t0\t0\t0\t/);
    const jobs = log
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => JSON.parse(line) as object);
    expect(jobs).toContainEqual(expect.objectContaining({ kind: 'ask', prompt: 'caption en' }));
  }, 60_000);

  it('keeps bad pictures to themselves, and refuses what cannot be', async () => {
    const broken = join(home, 'broken.png');
    writeFileSync(broken, 'no picture');
    const mixed = await run('caption', '-q', broken, PICTURES[0]);
    expect(mixed).toMatchObject({ exitCode: 3, stdout: expect.stringContaining('tractor') as string });
    expect(await run('caption', '--device', 'cpu', PICTURES[0])).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('pali worker --device') as string,
    });
    expect(await run('caption', '--queue', server.url, '--server', 'x', PICTURES[0])).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('not both') as string,
    });
    expect(await runPali(['worker'], { PALI_HOME: home })).toMatchObject({ exitCode: 2 });
    expect(await run('queue', 'explode')).toMatchObject({ exitCode: 2 });
    expect(await run('worker', '--model', 'nothing')).toMatchObject({
      exitCode: 4,
      stderr: expect.stringContaining("There is no model 'nothing'") as string,
    });
  }, 60_000);

  it('says what to install where a package is missing', async () => {
    const hooks = `export async function resolve(name, context, next) {
      if (name !== 'ioredis') return next(name, context);
      throw Object.assign(new Error("Cannot find package 'ioredis'"), { code: 'ERR_MODULE_NOT_FOUND' });
    }`;
    const dataUrl = (code: string): string => `data:text/javascript,${encodeURIComponent(code)}`;
    const loader = `import { register } from 'node:module'; register(${JSON.stringify(dataUrl(hooks))});`;
    const { stderr, exitCode } = await runPali(['queue'], {
      PALI_HOME: home,
      PALI_QUEUE_URL: server.url,
      NODE_OPTIONS: `--import ${dataUrl(loader)}`,
    });
    expect(exitCode).toBe(8);
    expect(stderr).toContain(
      'A queue on Redis needs the packages bullmq and ioredis; ioredis is not installed.',
    );
    expect(stderr).toContain('npm install bullmq ioredis');
  });

  it('lets a worker end on SIGTERM, and prints no password anywhere', async () => {
    worker.kill('SIGTERM');
    const [code] = (await once(worker, 'exit')) as [number];
    expect(code).toBe(0);
    const { stdout } = await run('queue', '--json');
    expect(JSON.parse(stdout)).toMatchObject({ models: [{ workers: [] }] });
    const wrong = server.url.replace(/:[^:@]*@/, ':geheim@');
    const failed = await runPali(['queue', '--debug', '--queue', wrong], { PALI_HOME: home });
    const refused = await runPali(['queue', '--queue', wrong], { PALI_HOME: home });
    expect(refused.stderr).toContain('refuses the password');
    for (const text of [log, failed.stderr, refused.stderr]) {
      expect(text).not.toMatch(/geheim|o%20p|o p:e@n/);
    }
  }, 30_000);
});
