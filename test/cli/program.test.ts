import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findProgram, listLoadedScripts, listPackages } from '../support/loaded-packages.js';
import { runPali } from '../support/run-pali.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const folder = temporaryFolder();
const home = { PALI_HOME: join(folder, 'home') };
const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
const commandNames = readdirSync('commands').map((file) => file.replace(/\.ts$/, ''));

/** Scripts that each process and each thread of a run loaded. */
async function runAndListScripts(args: readonly string[], env = home): Promise<string[][]> {
  const coverage = await mkdtemp(join(folder, 'coverage-'));
  await runPali(args, { ...env, NODE_V8_COVERAGE: coverage });
  return listLoadedScripts(coverage);
}

describe('pali', () => {
  it.each(['--version', '-V'])('%s prints the version', async (flag) => {
    expect(await runPali([flag])).toEqual({ stdout: `${version}\n`, stderr: '', exitCode: 0 });
  });

  it.each([['--help'], ['help']])('lists every command: %s', async (...args: string[]) => {
    const { stdout, stderr, exitCode } = await runPali(args);
    expect([exitCode, stderr]).toEqual([0, '']);
    for (const name of commandNames) expect(stdout).toMatch(new RegExp(`^  ${name} `, 'm'));
  });

  it.each(commandNames)('%s --help has examples that call it', async (name) => {
    const { stdout, exitCode } = await runPali([name, '--help']);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(new RegExp(`^Usage: pali ${name} `));
    expect(stdout.slice(stdout.indexOf('\nExamples:\n'))).toContain(`\n  pali ${name}`);
  });

  it.each([['--version'], ['--help'], ['detect', '--help']])('%s %s loads nothing heavy', async (...args) => {
    const scripts = (await runAndListScripts(args)).flat();
    expect(scripts.some((url) => url.endsWith('/dist/bundle/main.js'))).toBe(true);
    expect(scripts.filter((url) => /node_modules\/(?!commander\/)/.test(url))).toEqual([]);
  });

  it('answers about a picture with few files of ours, and no package that this does not need', async () => {
    const picture = 'fixtures/golden/p00_png_224x224.png';
    const own = { PALI_HOME: join(folder, 'answered') };
    // The demo model is prepared once, which takes more.
    await runPali(['caption', '-q', picture], own);
    const processes = await runAndListScripts(['caption', '-q', picture], own);
    const [command, engine] = ['main', 'engine-child'].map((name) => findProgram(processes, name));
    const decoder = /^(?:sharp|@img\/.*|detect-libc|semver)$/;
    expect(listPackages(command).filter((name) => !decoder.test(name))).toEqual([]);
    expect(listPackages(engine)).toEqual(['onnxruntime-common', 'onnxruntime-node']);
    const countOurs = (scripts: string[]): number =>
      scripts.filter((url) => url.includes('/dist/') && !url.includes('node_modules')).length;
    expect(countOurs(engine)).toBe(1);
    expect(countOurs(command)).toBeLessThan(15);
  });

  it('loads the called command only', async () => {
    const scripts = (await runAndListScripts(['detect'])).flat();
    expect(scripts.filter((url) => url.includes('/dist/bundle/commands/'))).toEqual([
      expect.stringMatching(/detect\.js$/),
    ]);
  });
});

describe('options before the command', () => {
  const picture = 'fixtures/golden/p00_png_224x224.png';
  const own = { PALI_HOME: join(folder, 'before') };

  it.each([
    [['--model', 'demo', 'caption', picture]],
    [['-q', '--model=demo', '--', 'caption', picture]],
    [['--format', 'text', 'caption', picture, '--no-server']],
  ])('%j is what it is with the command first', async (args) => {
    const { stdout, exitCode } = await runPali(args, own);
    expect([stdout, exitCode]).toEqual(['two cups\n', 0]);
  });

  it('has the help of the command behind it, or of the program', async () => {
    expect((await runPali(['--debug', 'detect', '--help'])).stdout).toMatch(/^Usage: pali detect /);
    expect((await runPali(['--debug', '--help'])).stdout).toMatch(/^Usage: pali COMMAND /);
    expect((await runPali(['--debug', '--version'])).stdout).toBe(`${version}\n`);
  });
});

describe('a wrong command line', () => {
  it.each([
    [['-n', '3', 'package.json'], "The session has no option '-n'.", 'pali caption -n 3 package.json'],
    [['package.json', '--tiles=3'], "no option '--tiles'.", 'pali detect THINGS package.json --tiles=3'],
    [['--modle', 'demo', 'package.json'], "Unknown option '--modle'.", 'Did you mean --model?'],
    [['--model', 'demo', 'phto.jpg'], "'phto.jpg' is neither a command nor a file.", 'Check the path'],
    [['--model'], "Option '--model <model>' argument missing.", 'pali repl --help'],
    [['caption', '--json', 'a.jpg'], "Unknown option '--json'.", '--format json'],
    [['detct'], "There is no command 'detct'.", 'Did you mean: pali detect'],
    [['photo.jgp'], "'photo.jgp' is neither a command nor a file.", 'Check the path'],
    [['caption', 'a.jpg', '--beams', '3'], "Unknown option '--beams'.", 'Beam search is not there.'],
    [['caption', '-q', '--output', '', 'a.jpg'], '--output is empty.', 'Give it a value, or leave it out.'],
    [['detect', 'cup', 'a.jpg', '--fromat', 'json'], "Unknown option '--fromat'.", 'Did you mean --format?'],
    [['detect'], "Missing required argument 'things'.", 'pali detect --help'],
    [['detect', 'cup'], 'There is no picture', '- for stdin'],
    [['caption', '-', '--files-from', '-'], 'only once', 'once'],
    [['caption', 'a.jpg', '-0'], '-0', '--files-from'],
    [['caption', 'a.jpg', '-n', '3'], 'Without --temperature', '--temperature 0.7'],
    [['ask', 'x', 'a.jpg', '-n', '3', '--temperature', '1', '--format', 'coco'], 'Several answers', '-n'],
    [['detect', 'cup', 'a.jpg', '--tiles', '9'], "--tiles cannot be '9'.", 'from 2 to 8'],
    [['caption', 'a.jpg', '--format', 'coco'], '--format coco holds objects', 'detect'],
    [['detect', 'cup', 'a.jpg', '--format', 'yolo'], 'a file for each picture', '--output'],
    [['detect', 'cup', 'a.jpg', '--format', 'csv', '--stream'], '--stream writes', '--format'],
    [['detect', 'cup', 'a.jpg', '--polygons'], '--polygons is for coco', '--format coco'],
    [['detect', 'cup', 'a.jpg', '--redact', 'blur'], 'where to write it', '--annotate out.mp4'],
    [['caption', 'a.jpg', '--redact', 'blur', '--overlay', 'b.png'], '--redact hides objects', 'detect'],
    [['detect', 'cup', 'a.jpg', '--format', 'json', '--show'], '--show', '--output'],
    [['detect', 'cup', 'a.jpg', '--show=crt'], "--show cannot be 'crt'.", 'kitty'],
    [['detect', 'cup', 'a.jpg', '-o', 'no/such/out.txt'], 'no/such/out.txt', 'another place'],
    [['detect', 'cup', 'a.jpg', '--format', 'coco', '-o', 'src'], 'one file', 'Name a file'],
    [['ask'], 'There is no prompt.', 'pali ask --help'],
    [['caption', 'a.jpg', '--format', 'xml'], "--format cannot be 'xml'.", 'text, json, jsonl, csv, coco'],
    [['caption', 'a.jpg', '--logprobs', '21'], "--logprobs cannot be '21'.", 'from 0 to 20'],
    [
      ['caption', 'a.jpg', '--logprobs', '3'],
      '--logprobs does not show in the text format.',
      '--format json',
    ],
    [['caption', 'a.jpg', '--max-tokens', '1e3'], "--max-tokens cannot be '1e3'.", 'whole number'],
    [['caption', 'a.jpg', '--top-p', '0'], '--top-p cannot be 0', 'above 0'],
    [['caption', 'a.jpg', '--device', 'tpu'], "--device cannot be 'tpu'.", 'webgpu'],
    [['caption', 'a.jpg', '--region', '5,5,5,9'], "--region cannot be '5,5,5,9'.", '10%,20%,50%,90%'],
    [['caption', 'a.jpg', '--short', '--long'], 'do not go together', 'one of them'],
    [['caption', 'a.jpg', '--lang', 'xx'], 'xx', ''],
    [['caption', 'a.jpg', '--overlay', 'out.doc'], 'out.doc', '.png'],
    [['caption', 'a.jpg', '--overlay', 'no/such/out.png'], 'no/such', 'another place'],
    [['caption', 'a.jpg', 'b.jpg', '--overlay', 'package.json'], '--overlay', 'a folder'],
    [['segment', 'cup', 'a.jpg', '--masks', 'package.json'], '--masks', ''],
    [['caption', 'a.jpg', '--masks', 'm'], '--masks is about objects, but caption gives none', 'segment'],
    [['ocr', 'a.jpg', '--track'], '--track is about objects', 'detect'],
    [['detect', 'cup', 'a.jpg', '--masks', 'm'], 'detect gives only boxes', 'Use segment'],
    [['ask', 'caption en'], 'There is no picture', '"*.jpg"'],
    [['ask', 'x', 'a.jpg', '--image', 'b.jpg'], 'not both', ''],
    [['use', '../secrets'], "'../secrets' is not a name", 'letters'],
  ])('%j is told in a sentence', async (args, what, hint) => {
    const { stdout, stderr, exitCode } = await runPali(args, home);
    expect(exitCode).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toMatch(/^error: /);
    expect(stderr).toContain(what);
    expect(stderr).toContain(hint);
    expect(stderr).not.toContain('    at ');
  });

  it('shows where an error comes from with --debug', async () => {
    const { stderr } = await runPali(['caption', 'a.jpg', '--format', 'xml', '--debug'], home);
    expect(stderr).toContain('    at ');
  });
});

describe('models that are not there', () => {
  it.each([
    ['caption', '--model', 'nope', 'fixtures/gallery/sea.png'],
    ['show', 'nope'],
    ['use', 'nope'],
    ['rm', 'nope'],
  ])('%s: exit code 4', async (...args) => {
    const { stdout, stderr, exitCode } = await runPali(args, home);
    expect([exitCode, stdout]).toEqual([4, '']);
    expect(stderr).toContain('nope');
  });

  it('names the model that was meant', async () => {
    const { stderr } = await runPali(['show', 'dmeo'], home);
    expect(stderr).toContain('Did you mean demo?');
  });

  it('says how to import a checkpoint that is given as a model', async () => {
    const { stderr, exitCode } = await runPali(['show', 'fixtures/demo'], home);
    expect(exitCode).toBe(4);
    expect(stderr).toContain('pali import fixtures/demo --name NAME');
  });

  it('lists none, and says so', async () => {
    const { stdout, stderr } = await runPali(['models'], home);
    expect(stdout).toBe('NAME\tFAMILY\tRESOLUTION\tDTYPE\tSIZE\tMODIFIED\n');
    expect(stderr).toContain('demo model');
    expect((await runPali(['models', '--format', 'json'], home)).stdout).toBe('[]\n');
  });
});
