// The curl lines of docs/server.md, run by a shell against a server with the demo model.
import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fixturePath } from '../../fixtures/index.js';
import { runPali } from '../support/run-pali.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const folder = temporaryFolder();
const home = join(folder, 'home');
const farm = fixturePath('gallery', 'farm.png');
const page = readFileSync(new URL('../../docs/server.md', import.meta.url), 'utf8');
const blocks = [...page.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, text]) => text);
/** Each command of the page that asks with curl, its address replaced by the server's. */
const examples = blocks.flatMap((block) => (block.includes('<<END') ? [block] : splitCommands(block)));
const curls = examples.filter((text) => text.startsWith('curl '));
const hasCurl = spawnSync('curl', ['--version']).status === 0;
let port = '';
/** A picture that is small enough for a command line. */
let dataUri = '';

/** A line that ends in a backslash goes on in the next. */
function splitCommands(block: string): string[] {
  return block.split(/(?<!\\)\n/).filter((line) => line !== '');
}

function run(example: string): string {
  const command = example
    .replaceAll('127.0.0.1:11500', `127.0.0.1:${port}`)
    .replace('https://example.org/farm.png', dataUri);
  return execFileSync('bash', ['-euo', 'pipefail', '-c', command], {
    cwd: folder,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

describe.skipIf(!hasCurl || process.platform === 'win32')('the curl lines of docs/server.md', () => {
  beforeAll(async () => {
    copyFileSync(farm, join(folder, 'farm.png'));
    const small = await sharp(farm).resize(448).jpeg().toBuffer();
    dataUri = `data:image/jpeg;base64,${small.toString('base64')}`;
    copyFileSync(fixturePath('gallery', 'street.png'), join(folder, 'sign.jpg'));
    const { stdout, stderr } = await runPali(['serve', '--background', '--port', '0'], { PALI_HOME: home });
    expect(stderr).toBe('');
    port = /127\.0\.0\.1:(\d+)/.exec(stdout)![1];
  });
  afterAll(async () => void (await runPali(['stop', '--all'], { PALI_HOME: home })));

  it('are all known to this test', () => {
    expect(curls.map((text) => /(?:tasks|chat)\/(\w+)/.exec(text)?.[1])).toEqual([
      'caption',
      'detect',
      'segment',
      'ocr',
      'detect',
      'completions',
    ]);
  });

  it('answer as the page says', () => {
    const [caption, detect, segment, ocr, json, chat] = curls.map(run);
    expect(JSON.parse(caption)).toMatchObject({ task: 'caption', prompt: 'caption es' });
    const labels = (text: string): unknown =>
      (JSON.parse(text) as { detections: { label: string }[] }).detections.map(({ label }) => label);
    expect(labels(detect)).toEqual(['cow', 'tractor']);
    expect(segment).toBe('');
    expect(readFileSync(join(folder, 'cow.png')).subarray(1, 4).toString()).toBe('PNG');
    expect(
      ocr
        .trim()
        .split('\n')
        .map((line) => (JSON.parse(line) as { event: string }).event),
    ).toContain('token');
    expect(labels(json)).toEqual(['cow']);
    const { choices } = JSON.parse(chat) as { choices: { message: { content: string } }[] };
    expect(choices[0].message.content).toMatch(/^cow \d+,\d+ \d+,\d+ \d\.\d+\ntractor /);
  });
});
