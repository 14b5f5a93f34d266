import { spawnSync } from 'node:child_process';
import { readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { expect, it } from 'vitest';
import { newPartPath, placeMark } from '../../../src/base/files/new-part-path.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

it('removes what killed processes left of the same file, and nothing else', async () => {
  const folder = temporaryFolder();
  const path = join(folder, 'out.mp4');
  const ended = spawnSync(process.execPath, ['-e', '']).pid;
  const here = placeMark();
  const first = await newPartPath(path, true);
  expect(first).toMatch(new RegExp(`out\\.mp4\\.${here}-${process.pid}-[0-9a-f]{6}\\.part$`));
  const kept = [
    'out.mp4',
    `other.mp4.${here}-${ended}-0a1b2c.part`,
    `out.mp4.${here}-${process.ppid}-0a1b2c.part`,
    // Of another computer or container, where the process may be running.
    `out.mp4.ffffff-${ended}-0a1b2c.part`,
    `out.mp4.${here}-${ended}.part`,
    'out.mp4.part',
  ];
  // An earlier process had the same id, as in a container.
  const left = [
    `out.mp4.${here}-${ended}-0a1b2c.part`,
    `out.mp4.${here}-${process.pid}-ffffff.part`,
    `out.mp4.ffffff-${process.pid}-0a1b2c.part`,
  ];
  for (const name of [...kept, ...left]) writeFileSync(join(folder, name), '');
  writeFileSync(first, '');
  // A week old, of wherever.
  utimesSync(join(folder, left[2]), new Date(), new Date(Date.now() - 8 * 24 * 3_600_000));
  const second = await newPartPath(relative(process.cwd(), path), true);
  expect(second).not.toBe(first);
  expect(readdirSync(folder).sort()).toEqual([...kept, first.slice(folder.length + 1)].sort());
});

it('leaves it to the writer to say that there is no folder', async () => {
  expect(await newPartPath('/nowhere/at all/out.mp4')).toMatch(
    /^\/nowhere\/at all\/out\.mp4\.[0-9a-f]{6}-\d+-/,
  );
});
