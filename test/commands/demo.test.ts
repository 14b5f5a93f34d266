import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { temporaryFolder } from '../support/temporary-folder.js';
import { runLine } from '../support/pali-shell.js';

const home = temporaryFolder();
const hadPictures = existsSync('demo-out');
afterAll(() => {
  if (!hadPictures) rmSync('demo-out', { recursive: true, force: true });
});

it('npm run demo shows boxes, masks, a caption and an answer', async () => {
  const startedAt = performance.now();
  const env = { PATH: process.env['PATH'], HOME: home, PALI_HOME: join(home, 'pali') };
  const { stdout, exitCode } = await runLine('npm run --silent demo', { cwd: process.cwd(), env });
  process.stdout.write(`npm run demo: ${((performance.now() - startedAt) / 1000).toFixed(1)} s\n`);
  expect(exitCode).toBe(0);
  const box = String.raw`\t[\d.]+(\t\d+,\d+){2}\n`;
  expect(stdout).toMatch(new RegExp(`pali detect object .*\n(\\w+${box}){5}`));
  expect(stdout).toMatch(new RegExp(`pali segment "cow ; tractor" .*\ncow${box}tractor${box}`));
  expect(stdout).toMatch(/pali caption .*\na tree, a cow, a tractor, a sheep and a chicken in a meadow\n/);
  expect(stdout).toMatch(/pali answer "how many animals are there\?" .*\n3\n/);
  for (const name of ['detect', 'segment']) {
    expect(readFileSync(`demo-out/${name}.png`).subarray(1, 4).toString()).toBe('PNG');
  }
}, 300_000);
