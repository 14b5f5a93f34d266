import { spawn } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { runPali } from '../support/run-pali.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { addSampleModel } from '../support/sample-manifest.js';

const folder = temporaryFolder();
const home = { PALI_HOME: join(folder, 'home') };
const picture = 'fixtures/gallery/sea.png';

/** The program with another folder of commands, as bin/pali.js runs it. */
async function runWithCommands(args: readonly string[]): Promise<{ stderr: string; exitCode: unknown }> {
  const [main, commands] = [resolve('dist/bundle/main.js'), `${folder}/`].map(
    (path) => pathToFileURL(path).href,
  );
  const script = `import { main } from '${main}';
    process.exitCode = await main(${JSON.stringify(args)}, new URL('${commands}'));`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script]);
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const exitCode = await new Promise((ended) => child.on('close', ended));
  return { stderr, exitCode };
}

// 0, 3, 6 of a model's files, and 130 are in pictures.test.ts and models.test.ts; 2 and 4 in program.test.ts.
describe('exit codes', () => {
  it('1: a bug is called one; its place is shown when asked for', async () => {
    writeFileSync(
      join(folder, 'broken.js'),
      `export const command = { group: 'Other', description: '', arguments: [], examples: [],
        options: [{ flags: '--debug', description: '' }], run: async () => undefined.x };`,
    );
    const plain = await runWithCommands(['broken']);
    expect([plain.exitCode, plain.stderr]).toEqual([1, expect.stringMatching(/^bug: .*\n.*--debug/)]);
    expect(plain.stderr).not.toContain('broken.js');
    expect((await runWithCommands(['broken', '--debug'])).stderr).toContain('broken.js');
  });

  it.skipIf(!existsSync('/dev/full'))('2: a disk that is full, under a file as under stdout', async () => {
    const toFile = await runPali(['caption', '-q', '--output', '/dev/full', picture], home);
    expect([toFile.exitCode, toFile.stderr]).toEqual([2, expect.stringContaining('the disk is full')]);
    const script = `"$0" bin/pali.js "$@" > /dev/full`;
    for (const args of [['caption', '-q', picture], ['models']]) {
      const child = spawn('sh', ['-c', script, process.execPath, ...args], {
        env: { ...process.env, ...home },
        stdio: ['ignore', 'ignore', 'pipe'],
      });
      let stderr = '';
      child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
      const exitCode = await new Promise((ended) => child.on('close', ended));
      expect([exitCode, stderr]).toEqual([2, expect.stringMatching(/^error: .*the disk is full/)]);
    }
  });

  it.skipIf(process.platform === 'win32')('2: no room for --resume, whose answers stay', async () => {
    const journal = join(folder, 'answers.jsonl');
    const video = 'fixtures/video/crossing.mp4';
    const args = [
      'caption',
      '-q',
      '--fps',
      '10',
      '--end',
      '3',
      '--format',
      'jsonl',
      '--resume',
      journal,
      video,
    ];
    // Past the limit a write fails as on a full disk.
    const script = 'ulimit -f 4; exec "$0" bin/pali.js "$@" > /dev/null';
    const child = spawn('sh', ['-c', script, process.execPath, ...args], {
      env: { ...process.env, ...home },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let stderr = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    const exitCode = await new Promise((ended) => child.on('close', ended));
    expect([exitCode, stderr]).toEqual([
      2,
      expect.stringMatching(/^error: .*answers.jsonl cannot be written: it would/),
    ]);
    const kept = readFileSync(journal, 'utf8').split('\n').slice(0, -1);
    expect(kept.length).toBeGreaterThan(0);
    expect((await runPali(args, home)).stdout.trim().split('\n')).toHaveLength(30);
    expect(readFileSync(journal, 'utf8').split('\n').slice(0, kept.length)).toEqual(kept);
  });

  it('3: a picture, a pattern and an address that are nothing', async () => {
    const private_ = 'http://169.254.169.254/latest/a.png';
    const { stdout, exitCode } = await runPali(
      ['caption', 'gone.png', 'no*thing.png', private_, '--format', 'jsonl'],
      home,
    );
    const codes = stdout
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { error: { code: string } }).error.code);
    expect([exitCode, codes]).toEqual([3, ['IMAGE_MISSING', 'PATTERN_NO_MATCH', 'URL_PRIVATE']]);
  });

  it('3: a list that is not there', async () => {
    const { stdout, stderr, exitCode } = await runPali(['caption', '-q', '--files-from', 'no-list'], home);
    expect([exitCode, stdout]).toEqual([3, '']);
    expect(stderr).toContain('no-list');
  });

  it('5: a server that is not there; the other pictures are answered', async () => {
    const url = 'http://127.0.0.1:1/a.png';
    const { stdout, exitCode } = await runPali(['caption', '-q', '--allow-private-urls', url, picture], home);
    expect([exitCode, stdout]).toEqual([5, expect.stringContaining('dolphins')]);
  });

  it('6: a model whose files are not what they were', async () => {
    const path = addSampleModel(folder, 'damaged', 'fp32');
    const { exitCode, stdout } = await runPali(['caption', '--model', path, picture], home);
    expect([exitCode, stdout]).toEqual([6, '']);
  });

  it('7: a device that cannot run the model', async () => {
    const device = process.platform === 'win32' ? 'coreml' : 'dml';
    const { exitCode, stdout, stderr } = await runPali(['caption', '-q', '--device', device, picture], home);
    expect([exitCode, stdout]).toEqual([7, '']);
    expect(stderr).toMatch(/^error: /);
  });
});
