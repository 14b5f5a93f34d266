import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../support/temporary-folder.js';
import { addPaliToPath, runLine } from '../support/pali-shell.js';

/** The lines of the cookbook, in order. */
const lines = [...readFileSync('docs/shell.md', 'utf8').matchAll(/```sh\n([^]*?)\n```/g)].map(
  ([, line]) => line,
);
const folder = temporaryFolder();
const pictures = join(folder, 'pictures');
const names = readdirSync('fixtures/gallery').filter((name) => name.endsWith('.png'));
let path: string;
const hasJq = spawnSync('jq', ['--version']).status === 0;

const server = createServer(({ url }, response) => {
  response.setHeader('content-type', 'image/png');
  response.end(readFileSync(join(pictures, url ?? '')));
});
afterAll(() => server.close());

beforeAll(async () => {
  cpSync('fixtures/gallery', pictures, { recursive: true });
  path = addPaliToPath(folder);
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
});

async function run(number: number): Promise<string> {
  const env = {
    PATH: path,
    HOME: folder,
    PALI_HOME: join(folder, 'home'),
    GALLERY_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
  };
  const { stdout, stderr, exitCode } = await runLine(lines[number - 1], { cwd: pictures, env });
  expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 });
  return stdout;
}

function read(path: string): string {
  return readFileSync(join(pictures, path), 'utf8');
}

function rowsOf(text: string): string[] {
  return text.split('\n').filter(Boolean);
}

describe('docs/shell.md', () => {
  it('has sixteen recipes', () => expect(lines).toHaveLength(16));

  it('1 captions a folder', async () => {
    await run(1);
    expect(rowsOf(read('captions.tsv'))).toHaveLength(names.length);
  });

  it('2 takes what find finds', async () => expect(rowsOf(await run(2))).toHaveLength(names.length));

  it('3 takes the bytes of a picture', async () => expect(await run(3)).toMatch(/^cow\t1\.00\t/));

  it('4 fetches a picture', async () => expect(await run(4)).toContain('dolphins'));

  it('5 prints prompts', async () => expect(await run(5)).toBe('detect cow\ndetect tractor\n'));

  it.runIf(hasJq)('6 makes alternative texts', async () => {
    expect(rowsOf(await run(6))[0]).toMatch(/^<img src="beach\.png" alt="[^"<]+">$/);
  });

  it('7 counts things', async () => expect(await run(7)).toMatch(/^ +2 tree$/m));

  it.runIf(hasJq)('8 chooses pictures', async () => {
    expect(rowsOf(await run(8)).map((row) => row.split(' ').at(-1))).toContain('sea.png');
  });

  it('9 makes a spreadsheet', async () => {
    await run(9);
    expect(read('animals.csv').split('\r\n')).toHaveLength(names.length + 2);
  });

  it('10 answers three times', async () => expect(rowsOf(await run(10))).toHaveLength(3));

  it('11 writes captions into files', async () => {
    await run(11);
    expect(readdirSync(join(pictures, 'captions'))).toHaveLength(names.length);
    expect(read('captions/sea.txt')).toBe('two dolphins, a whale and a boat on the sea\n');
  });

  it('12 makes a COCO data set', async () => {
    await run(12);
    const { categories, annotations } = JSON.parse(read('instances.json')) as {
      categories: { id: number; name: string }[];
      annotations: { category_id: number; segmentation: { counts: string } }[];
    };
    expect(categories.map(({ id, name }) => [id, name])).toEqual([
      [1, 'cow'],
      [2, 'sheep'],
    ]);
    expect(annotations.map(({ category_id }) => category_id)).toEqual([1, 2]);
    expect(annotations[0].segmentation.counts.length).toBeGreaterThan(10);
  });

  it('13 makes labels for YOLO', async () => {
    await run(13);
    expect(read('labels/classes.txt')).toBe('car\nbus\nbicycle\n');
    expect(readdirSync(join(pictures, 'labels'))).toHaveLength(names.length + 2);
    expect(read('labels/data.yaml')).toContain('bicycle');
    expect(read('labels/street.txt')).toMatch(/^\d( 0\.\d{6}){4}$/m);
  });

  it('14 cuts out and draws', async () => {
    await run(14);
    expect(existsSync(join(pictures, 'objects', 'farm-1-cow.png'))).toBe(true);
    expect(read('farm.svg')).toContain('<path d="M');
  });

  it.runIf(hasJq)('15 follows a run', async () => {
    const boxes = rowsOf(await run(15)).map((row) => JSON.parse(row) as [number, string, number]);
    expect(new Set(boxes.map(([input]) => input)).size).toBe(names.length);
  });

  it('16 goes on after Ctrl-C', async () => {
    const inputs = (): string[] =>
      rowsOf(read('done.jsonl')).map((row) => (JSON.parse(row) as { input: string }).input);
    await run(16);
    const all = inputs();
    const captions = read('captions.csv');
    expect(all.length).toBeGreaterThanOrEqual(names.length);
    // As if it had been stopped after two pictures.
    const rows = rowsOf(read('done.jsonl')).slice(0, 2);
    writeFileSync(join(pictures, 'done.jsonl'), `${rows.join('\n')}\n`);
    await run(16);
    expect(inputs().slice(0, 2)).toEqual(all.slice(0, 2));
    expect(inputs().sort()).toEqual([...all].sort());
    expect(read('captions.csv')).toBe(captions);
  });
});
