import { linkSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { checkOutputsApart } from '../../../src/cli/options/check-outputs-apart.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const folder = temporaryFolder();
const at = (name: string): string => join(folder, name);
for (const name of ['a.png', 'b.mp4', 'list.txt']) writeFileSync(at(name), name);
symlinkSync(at('a.png'), at('link.png'));
linkSync(at('b.mp4'), at('twin.mp4'));

it.each([
  [{ output: at('a.png') }, '--output'],
  [{ overlay: at('link.png') }, '--overlay'],
  [{ annotate: at('b.mp4') }, '--annotate'],
  [{ annotate: join(folder, '.', 'twin.mp4') }, '--annotate'],
  [{ contactSheet: at('a.png') }, '--contact-sheet'],
  [{ resume: at('b.mp4') }, '--resume'],
  [{ output: at('new.jsonl'), resume: join(folder, 'x', '..', 'new.jsonl') }, '--output'],
  [{ output: at('list.txt'), filesFrom: at('list.txt') }, '--output'],
])('refuses %j', async (options, flag) => {
  const check = checkOutputsApart(options, ['-', at('gone.png'), at('a.png'), at('b.mp4')]);
  await expect(check).rejects.toMatchObject({
    exitCode: 2,
    message: expect.stringContaining(flag) as string,
  });
});

it('lets files, folders and devices be that are no inputs', async () => {
  await checkOutputsApart({ output: at('new.txt'), overlay: folder, annotate: at('b.mp4') }, [
    at('a.png'),
    folder,
  ]);
  await checkOutputsApart({ output: '/dev/null' }, ['/dev/null']);
});
