import { spawnSync } from 'node:child_process';
import { readdirSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { expect, it } from 'vitest';
import { newPartPath } from '../../../src/base/files/new-part-path.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

it('removes what killed processes left of the same file, and nothing else', async () => {
  const folder = temporaryFolder();
  const path = join(folder, 'out.mp4');
  const ended = spawnSync(process.execPath, ['-e', '']).pid;
  const first = await newPartPath(path);
  expect(first).toMatch(new RegExp(`out\\.mp4\\.${process.pid}-[0-9a-f]{6}\\.part$`));
  const kept = [
    'out.mp4',
    `other.mp4.${ended}-0a1b2c.part`,
    `out.mp4.${process.ppid}-0a1b2c.part`,
    `out.mp4.${ended}.part`,
    'out.mp4.part',
  ];
  // An earlier process had the same id, as in a container.
  const left = [`out.mp4.${ended}-0a1b2c.part`, `out.mp4.${process.pid}-ffffff.part`];
  for (const name of [...kept, ...left]) writeFileSync(join(folder, name), '');
  writeFileSync(first, '');
  const second = await newPartPath(relative(process.cwd(), path));
  expect(second).not.toBe(first);
  expect(readdirSync(folder).sort()).toEqual([...kept, first.slice(folder.length + 1)].sort());
});

it('leaves it to the writer to say that there is no folder', async () => {
  expect(await newPartPath('/nowhere/at all/out.mp4')).toMatch(/^\/nowhere\/at all\/out\.mp4\.\d+-/);
});
