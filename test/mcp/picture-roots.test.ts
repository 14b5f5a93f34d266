import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';
import { PictureRoots } from '../../src/mcp/picture-roots.js';
import { readToolPicture } from '../../src/mcp/read-tool-picture.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const folder = temporaryFolder();
const inside = join(folder, 'inside');
mkdirSync(join(inside, 'sub'), { recursive: true });
mkdirSync(join(folder, 'inside-not'));
for (const file of ['inside/a.png', 'inside/sub/..b.png', 'secret.png', 'inside-not/c.png'])
  writeFileSync(join(folder, file), 'x');
symlinkSync(join(folder, 'secret.png'), join(inside, 'out.png'));
symlinkSync(folder, join(inside, 'up'));
symlinkSync(join(inside, 'a.png'), join(inside, 'in.png'));
symlinkSync(join(folder, 'gone.png'), join(inside, 'dangling.png'));
execFileSync('mkfifo', [join(inside, 'pipe.png')]);

const rules = async (...roots: string[]) => ({
  roots: await PictureRoots.open(roots),
  allowsPrivateUrls: false,
});

it.each([
  join(inside, 'a.png'),
  'a.png',
  './sub/../a.png',
  'sub/..b.png',
  'in.png',
  pathToFileURL(join(inside, 'a.png')).href,
])('reads %s', async (path) => {
  const { pictures } = await readToolPicture(path, await rules(inside));
  expect(String(pictures[0])).toMatch(/(a|\.\.b)\.png$/);
});

it.each([
  [join(folder, 'secret.png'), 'PATH_OUTSIDE'],
  [join(folder, 'not-there.png'), 'PATH_OUTSIDE'],
  ['../secret.png', 'PATH_OUTSIDE'],
  ['out.png', 'PATH_OUTSIDE'],
  ['up/secret.png', 'PATH_OUTSIDE'],
  [join(folder, 'inside-not', 'c.png'), 'PATH_OUTSIDE'],
  ['/etc/passwd', 'PATH_OUTSIDE'],
  ['file:///etc/passwd', 'PATH_OUTSIDE'],
  ['file://host/etc/passwd', 'IMAGE_MISSING'],
  ['none.png', 'IMAGE_MISSING'],
  ['dangling.png', 'IMAGE_MISSING'],
  ['sub', 'IMAGE_UNREADABLE'],
  ['pipe.png', 'IMAGE_UNREADABLE'],
  ['a.png\0.jpg', 'IMAGE_MISSING'],
  ['x'.repeat(5000), 'IMAGE_UNREADABLE'],
  ['data:image/png;base64,', 'IMAGE_UNREADABLE'],
  ['data:image/png;base64,%%%', 'IMAGE_UNREADABLE'],
  ['data:text/html,<b>', 'IMAGE_UNREADABLE'],
  [`data:${'a'.repeat(300)};base64,AAAA`, 'IMAGE_UNREADABLE'],
])('refuses %j', async (path, code) => {
  await expect(readToolPicture(path, await rules(inside))).rejects.toMatchObject({ code });
});

it('reads no path where no folder was named, and knows no folder that is none', async () => {
  await expect(readToolPicture(join(inside, 'a.png'), await rules())).rejects.toMatchObject({
    code: 'PATH_OUTSIDE',
  });
  await expect(rules(join(inside, 'a.png'))).rejects.toMatchObject({ code: 'FOLDER_MISSING' });
  await expect(rules(join(folder, 'nowhere'))).rejects.toMatchObject({ code: 'FOLDER_MISSING' });
});
