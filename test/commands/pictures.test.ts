import { spawn } from 'node:child_process';
import { copyFileSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, it } from 'vitest';
import { decodeImage } from '../../src/image/decode/decode-image.js';
import { decodeMaskRle, type MaskRle } from '../../src/base/mask-rle.js';
import { runPali } from '../support/run-pali.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const folder = temporaryFolder();
const home = { PALI_HOME: join(folder, 'home') };
const golden = 'fixtures/golden/';

interface GoldenLine {
  readonly image?: string;
  readonly images?: readonly string[];
  readonly prompts: readonly { readonly task: string; readonly prompt: string; readonly output: string }[];
}
const goldenLines = readFileSync(`${golden}golden.jsonl`, 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as GoldenLine);

/** What the reference answers to a prompt about one picture, in file order. */
function goldenAnswers(prompt: string): { path: string; output: string }[] {
  return goldenLines.flatMap(({ image, prompts }) =>
    prompts
      .filter((one) => image !== undefined && one.prompt === prompt)
      .map(({ output }) => ({ path: `${golden}${image}`, output })),
  );
}

interface JsonResult {
  readonly input: string;
  readonly text?: string;
  readonly raw?: string;
  readonly truncated?: boolean;
  readonly detections?: readonly { label: string; score: number; bins: number[]; mask?: MaskRle }[];
  readonly tokens?: readonly { id: number; logprob: number; top?: { id: number; logprob: number }[] }[];
  readonly error?: { code: string };
}

async function runForJson(args: readonly string[]): Promise<JsonResult[]> {
  const { stdout } = await runPali([...args, '--format', 'jsonl'], home);
  return stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as JsonResult);
}

const captions = goldenAnswers('caption en');
const [first, second] = captions;

describe('picture commands with the demo model', () => {
  it('caption says what the reference says, and whose answer it is', async () => {
    const { stdout, stderr, exitCode } = await runPali(
      ['caption', ...captions.map(({ path }) => path)],
      home,
    );
    expect(stdout).toBe(captions.map(({ path, output }) => `${path}\t${output}\n`).join(''));
    expect(stderr).toContain('demo model');
    expect(exitCode).toBe(0);
  });

  it('one picture: the sentence alone, and --quiet leaves stderr empty', async () => {
    const run = await runPali(['caption', '-q', first.path], home);
    expect(run).toEqual({ stdout: `${first.output}\n`, stderr: '', exitCode: 0 });
  });

  it('detect finds the boxes of the reference', async () => {
    const prompts = goldenLines.flatMap(({ image, prompts }) =>
      prompts
        .filter(({ task }) => task === 'detect' && image !== undefined)
        .map((one) => ({ ...one, image })),
    );
    const { prompt, image, output } = prompts.find((one) => one.output.includes(' ; '))!;
    const [result] = await runForJson(['detect', prompt.replace('detect ', ''), `${golden}${image}`]);
    const expected = [...output.matchAll(/((?:<loc\d{4}>){4}) ?([^;<]+)/g)];
    expect(result.detections!.map(({ label }) => label)).toEqual(expected.map(([, , label]) => label.trim()));
    for (const [i, { bins, score }] of result.detections!.entries()) {
      const wanted = [...expected[i][1].matchAll(/\d{4}/g)].map(Number);
      for (const [side, bin] of bins.entries()) expect(Math.abs(bin - wanted[side])).toBeLessThanOrEqual(4);
      expect(score).toBeGreaterThan(0.5);
    }
  });

  it('segment draws masks into JSON, PNG files and an overlay', async () => {
    const masks = join(folder, 'masks');
    const overlay = join(folder, 'overlay.png');
    const path = `${golden}p00_png_224x224.png`;
    const [result] = await runForJson(['segment', 'cup', path, '--masks', masks, '--overlay', overlay]);
    expect(result.detections!.length).toBeGreaterThan(0);
    for (const { mask } of result.detections!) {
      expect(decodeMaskRle(mask!).data.reduce((sum, value) => sum + value, 0)).toBeGreaterThan(100);
    }
    expect(readdirSync(masks)).toHaveLength(result.detections!.length);
    expect(existsSync(overlay)).toBe(true);
  });

  it('writes a sheet of all pictures, and an overlay of an answer in words', async () => {
    const [sheet, overlay] = [join(folder, 'sheet.png'), join(folder, 'caption.png')];
    const path = `${golden}p00_png_224x224.png`;
    const args = [
      'caption',
      path,
      'fixtures/gallery/farm.png',
      '--contact-sheet',
      sheet,
      '--sheet-page',
      'a4',
    ];
    const { stderr, exitCode } = await runPali([...args, '-q'], home);
    expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 });
    expect(await decodeImage(sheet)).toMatchObject({ width: 2480, height: 3508 });
    await runPali(['caption', path, '--overlay', overlay], home);
    expect((await decodeImage(overlay)).height).toBeGreaterThan(224);
  });

  it('draws several overlays into a folder, pictures of one name apart', async () => {
    const overlays = join(folder, 'overlays');
    const twin = join(folder, 'p00_png_224x224.jpg');
    copyFileSync(first.path, twin);
    const alone = join(folder, 'alone');
    await runPali(['detect', 'cup', twin, '--overlay', alone], home);
    expect(readdirSync(alone)).toEqual(['p00_png_224x224.png']);
    await runPali(['detect', 'cup', `${golden}p00_png_224x224.png`, twin, '--overlay', overlays], home);
    expect(readdirSync(overlays).sort()).toEqual(['p00_png_224x224-2.png', 'p00_png_224x224.png']);
  });

  it('asks about several pictures in one prompt', async () => {
    const { images, prompts } = goldenLines.find((line) => line.images !== undefined)!;
    const pictures = images!.flatMap((image) => ['--image', `${golden}${image}`]);
    const results = await runForJson(['ask', prompts[0].prompt, ...pictures]);
    expect(results.map(({ raw }) => raw)).toEqual([prompts[0].output]);
  });

  it('reports the tokens with their alternatives', async () => {
    const [result] = await runForJson(['caption', first.path, '--logprobs', '2']);
    for (const { id, logprob, top } of result.tokens!) expect(top![0]).toEqual({ id, logprob });
    const [plain] = await runForJson(['caption', first.path, '--logprobs', '0']);
    expect(plain.tokens![0]).not.toHaveProperty('top');
  });

  it('says when an answer was cut', async () => {
    const run = await runPali(['caption', first.path, '--max-tokens', '1'], home);
    expect(run.stderr).toContain('--max-tokens');
    expect(run.exitCode).toBe(0);
  });

  it('captions a region', async () => {
    const [result] = await runForJson(['caption', '--region', '0%,0%,100%,100%', first.path]);
    expect(result).toMatchObject({ prompt: 'caption <loc0000><loc0000><loc1023><loc1023>' });
  });

  it('a bad picture is one row of error; the others go on; exit code 3', async () => {
    const broken = join(folder, 'broken\n\u001b[31m".jpg');
    writeFileSync(broken, 'not a picture');
    const paths = [first.path, 'no-such.png', broken, second.path];
    const results = await runForJson(['caption', ...paths]);
    expect(results.map(({ input }) => input)).toEqual(paths);
    expect(results.map(({ error, text }) => error?.code ?? text)).toEqual([
      first.output,
      'IMAGE_MISSING',
      expect.stringMatching(/^IMAGE_/),
      second.output,
    ]);
    const run = await runPali(['caption', '-q', ...paths], home);
    expect(run.exitCode).toBe(3);
    expect(run.stdout).toBe(`${first.path}\t${first.output}\n${second.path}\t${second.output}\n`);
    expect(run.stderr.split('\n')).toHaveLength(3);
    expect(run.stderr).not.toContain('\u001b');
  });

  it.each(['-dash.png', 'new\nline\t.png', `quo"te's.png`, '\u001b[2Jclear.png', '🦒 日本語.png'])(
    'a picture called %j is one row',
    async (name) => {
      copyFileSync(first.path, join(folder, name));
      const run = await runPali(['caption', '-q', '--', name, resolve(second.path)], home, folder);
      expect(run.exitCode).toBe(0);
      expect(run.stdout.split('\n')).toHaveLength(3);
      expect(run.stdout.split('\n')[0].split('\t')).toHaveLength(2);
      expect(run.stdout).not.toContain('\u001b');
    },
  );

  it('is one whole JSON array also when inputs fail', async () => {
    const { stdout, exitCode } = await runPali(
      ['caption', '--format', 'json', 'no-such.png', first.path],
      home,
    );
    expect((JSON.parse(stdout) as JsonResult[]).map(({ text }) => text)).toEqual([undefined, first.output]);
    expect(exitCode).toBe(3);
  });
});

describe('a run that is cut short', () => {
  const many = Array.from({ length: 30 }, () => captions.map(({ path }) => path)).flat();

  it('ends quietly with 0 when nobody reads on', async () => {
    const child = spawn(process.execPath, ['bin/pali.js', 'caption', '-q', ...many], { env: childEnv() });
    let stderr = '';
    child.stderr.on('data', (data: Buffer) => (stderr += data.toString()));
    for await (const line of createInterface({ input: child.stdout })) {
      expect(line).toBe(`${first.path}\t${first.output}`);
      break;
    }
    child.stdout.destroy();
    const exitCode = await new Promise((resolve) => child.on('exit', resolve));
    expect([exitCode, stderr]).toEqual([0, '']);
  });

  it('asks twelve things at once, and writes nothing but answers', async () => {
    const things = 'a;b;c;d;e;f;g;h;i;j;k;l';
    const { stderr, exitCode } = await runPali(
      ['detect', things, '--per-class', '-q', 'fixtures/gallery/farm.png'],
      home,
    );
    expect([exitCode, stderr]).toEqual([0, '']);
  });

  it('keeps whole what it has when the user stops it; exit code 130', async () => {
    const args = ['bin/pali.js', 'caption', '-q', '--format', 'json', ...many];
    const child = spawn(process.execPath, args, { env: childEnv() });
    let [stdout, stderr] = ['', ''];
    child.stderr.on('data', (data: Buffer) => (stderr += data.toString()));
    child.stdout.on('data', (data: Buffer) => {
      if (!stdout.includes(first.output) && data.toString().includes(first.output)) child.kill('SIGINT');
      stdout += data.toString();
    });
    const exitCode = await new Promise((resolve) => child.on('close', resolve));
    expect([exitCode, stderr]).toEqual([130, '']);
    const results = JSON.parse(stdout) as JsonResult[];
    expect(results.length).toBeGreaterThan(0);
    expect(results.length).toBeLessThan(many.length);
    expect(results.every(({ error }) => error === undefined)).toBe(true);
  });
});

function childEnv(): NodeJS.ProcessEnv {
  return { PATH: process.env['PATH'], HOME: process.env['HOME'], ...home };
}
