import { mkdirSync, copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createPictureOpener } from '../../src/serve/review/open-result-picture.js';
import { readResultFile } from '../../src/serve/review/read-result-file.js';
import { createReviewApp } from '../../src/serve/review/review-app.js';
import { writeReview } from '../../src/serve/review/write-review.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const line = (input: string, more = {}): string =>
  JSON.stringify({ input, task: 'detect', prompt: 'detect cow', text: '', ...more });
const headers = { host: '127.0.0.1:1' };

/** Results beside their picture. */
function writeResults(...lines: string[]): string {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'farm'));
  copyFileSync('fixtures/gallery/farm.png', join(folder, 'farm/a.png'));
  const path = join(folder, 'results.jsonl');
  writeFileSync(path, lines.join('\n'));
  return path;
}

describe('readResultFile', () => {
  it('reads lines and arrays, and names lines that are no results', async () => {
    const path = writeResults(
      line('a.png'),
      'nonsense',
      '',
      line('b.png', { detections: [{ box: 1 }] }),
      '{"input":',
    );
    expect(await readResultFile(path)).toMatchObject({
      results: [{ input: 'a.png', prompt: 'detect cow' }],
      problems: ['3 lines are not results and were left out; the first is line 2.'],
    });
    writeFileSync(path, `[${line('a.png')},${line('b.png')}]`);
    expect((await readResultFile(path)).results).toHaveLength(2);
  });

  it.each([
    ['', 'is empty'],
    ['hello', 'holds no results of pali'],
    ['[]', 'is empty'],
  ])('refuses %j', async (text, why) => {
    await expect(readResultFile(writeResults(text))).rejects.toThrow(why);
  });

  it('says that there is no file', async () => {
    await expect(readResultFile('no-such.jsonl')).rejects.toThrow('there is no such file');
  });
});

describe('the page of pali review', () => {
  it('gives pictures of the results and nothing else', async () => {
    const path = writeResults(line('farm/a.png'), line('/etc/passwd'), line('http://127.0.0.1/x.png'));
    const app = createReviewApp(await readResultFile(path), createPictureOpener(path, undefined), 'secret');
    const get = async (address: string): Promise<Response> => app.request(address, { headers });
    const page = await get('/secret/');
    expect(page.headers.get('content-security-policy')).toMatch(/^default-src 'none'; script-src 'sha256-/);
    expect(await page.text()).toContain('"picture":"pictures/0"');
    const picture = await get('/secret/pictures/0');
    expect([picture.status, picture.headers.get('content-type')]).toEqual([200, 'image/jpeg']);
    const statuses = ['pictures/1', 'pictures/2', 'pictures/3', 'pictures/..%2f', 'x'].map(
      async (rest) => (await get(`/secret/${rest}`)).status,
    );
    expect(await Promise.all(statuses)).toEqual([404, 404, 404, 404, 404]);
    expect((await get('/other/')).status).toBe(404);
    expect((await app.request('/secret/', { headers: { host: 'evil.example' } })).status).toBe(403);
  });

  it('is written as one file, without the pictures that are gone', async () => {
    const path = writeResults(line('farm/a.png'), line('gone.png'));
    const file = await readResultFile(path);
    let text = '';
    const opener = createPictureOpener(path, undefined);
    for await (const part of writeReview(file, opener, new AbortController().signal)) text += part;
    expect(text.match(/"picture":"data:image\/jpeg;base64,/g)).toHaveLength(1);
    expect(text).toContain('1 of 2 pictures could not be opened.');
    expect(readFileSync(path, 'utf8')).toContain('gone.png');
  });
});
