import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkFolderPlace } from '../../../src/base/files/check-folder-place.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const folder = temporaryFolder();
writeFileSync(join(folder, 'file'), '');

describe('checkFolderPlace', () => {
  it('makes nothing', async () => {
    await checkFolderPlace(folder);
    await checkFolderPlace(join(folder, 'new', 'below'));
    expect(existsSync(join(folder, 'new'))).toBe(false);
  });

  it.each([
    ['file', 'EEXIST'],
    ['file/below', 'ENOTDIR'],
    ['file/far/below', 'ENOTDIR'],
  ])('refuses %s with %s', async (path, code) => {
    await expect(checkFolderPlace(join(folder, path))).rejects.toMatchObject({ code });
  });

  it.skipIf(process.getuid?.() === 0 || process.platform === 'win32')('refuses a closed folder', async () => {
    const closed = join(folder, 'closed');
    mkdirSync(closed);
    chmodSync(closed, 0o555);
    for (const path of [closed, join(closed, 'below')])
      await expect(checkFolderPlace(path)).rejects.toMatchObject({ code: 'EACCES' });
  });
});
