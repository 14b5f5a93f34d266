import { spawn } from 'node:child_process';
import { copyFileSync, existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../support/temporary-folder.js';

const home = temporaryFolder();

interface PipeRun {
  stdout: string;
  stderr: string;
  exitCode: number | null;
}

/** Prompts from a pipe, as in `printf ... | pali photo.jpg`, with the demo model. */
async function pipe(lines: string, ...args: string[]): Promise<PipeRun> {
  return pipeIn('.', lines, ...args);
}

async function pipeIn(cwd: string, lines: string, ...args: string[]): Promise<PipeRun> {
  const child = spawn(process.execPath, [resolve('bin/pali.js'), ...args], {
    cwd,
    env: { PATH: process.env['PATH'], HOME: home, PALI_HOME: home },
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  child.stdin.end(lines);
  const exitCode = await new Promise<number | null>((settle) => child.on('close', settle));
  return { stdout, stderr, exitCode };
}

describe('prompts from a pipe', () => {
  it.each([
    [['--model', 'demo', '--device=cpu', 'fixtures/gallery/farm.png']],
    [['--', '-farm.png']],
    [['--model', 'demo', '--', '-farm.png']],
  ])('are answered with options before the picture: %j', async (args) => {
    const cwd = args.includes('-farm.png') ? home : '.';
    copyFileSync('fixtures/gallery/farm.png', join(home, '-farm.png'));
    const run = await pipeIn(cwd, 'caption en\n', ...args);
    expect(run.stdout).toBe('a tree, a cow, a tractor, a sheep and a chicken in a meadow\n');
  });

  it('are for the model of an option alone', async () => {
    const run = await pipe('/open fixtures/gallery/farm.png\ncaption en\n', '--model', 'nope');
    expect(run.stderr).toContain("There is no model 'nope'.");
  });

  it('are answered one after the other, as the commands answer', async () => {
    const run = await pipe('caption en\n\ndetect cow\nsegment cow', 'fixtures/gallery/farm.png');
    expect(run.stdout).toMatch(
      /^a tree, a cow, a tractor, a sheep and a chicken in a meadow\ncow\t[\d.]+\t\d+,\d+\t\d+,\d+\ncow\t/,
    );
    expect(run.exitCode).toBe(0);
  });

  it('go on after an error, and end with its exit code', async () => {
    const run = await pipe('detect cow @nothing.png\ncaption en\n', 'fixtures/gallery/farm.png');
    expect(run.stderr).toContain('error: There is no file nothing.png.');
    expect(run.stdout).toContain('a tree, a cow');
    expect(run.exitCode).toBe(3);
  });

  it('name the picture when there are several', async () => {
    const run = await pipe(
      'how many cows are there? @fixtures/gallery/farm.png @fixtures/gallery/street.png\n',
    );
    expect(run.stdout).toMatch(/^fixtures\/gallery\/farm\.png\t1\nfixtures\/gallery\/street\.png\t/);
  });

  it('are asked about the samples of a video, or one of its frames', async () => {
    const run = await pipe('/set fps 0.25\nocr\n/frame 2\nocr\n/frame 9\n', 'fixtures/video/title.mp4');
    expect(run.stdout).toBe(
      '00:00:00.000\tGOOD MORNING\n00:00:04.000\t\n00:00:08.000\tOPEN\n00:00:04.000\t\n',
    );
    expect(run.stderr).toContain('error: There is no sample 9.');
    expect(run.exitCode).toBe(2);
  });

  it('write answers to files, but not over what is open', async () => {
    const picture = join(home, 'farm.png');
    copyFileSync('fixtures/gallery/farm.png', picture);
    const run = await pipe(
      `detect cow\n/save ${picture}\n/export json ${picture}\n/save ${home}/copy.png\n`,
      picture,
    );
    expect(run.stderr.match(/would be written over/g)).toHaveLength(2);
    expect(run.exitCode).toBe(2);
    expect(readFileSync(picture).equals(readFileSync('fixtures/gallery/farm.png'))).toBe(true);
    expect(existsSync(join(home, 'copy.png'))).toBe(true);
  });
});
