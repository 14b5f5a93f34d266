import { link, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { refuseOverInputs } from '../../../src/base/files/refuse-over-inputs.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pali-over-'));
  await writeFile(join(folder, 'photo.png'), 'a photo');
  await link(join(folder, 'photo.png'), join(folder, 'hard.png'));
  await symlink('photo.png', join(folder, 'soft.png'));
  await writeFile(join(folder, 'old.png'), 'an older result');
});
afterAll(async () => rm(folder, { recursive: true, force: true }));

describe('refuseOverInputs', () => {
  it.each(['photo.png', './photo.png', 'soft.png', 'hard.png'])('refuses %s', async (name) => {
    const inputs = ['https://example.org/a.png', '*.png', join(folder, 'photo.png')];
    await expect(refuseOverInputs(`${folder}/${name}`, inputs)).rejects.toMatchObject({
      code: 'OUTPUT_UNWRITABLE',
      exitCode: 2,
      message: expect.stringContaining('is an input') as string,
    });
  });

  it.each(['new.png', 'old.png', 'no/such/folder.png', '.'])('lets %s be written', async (name) => {
    await refuseOverInputs(join(folder, name), [join(folder, 'photo.png'), folder]);
  });
});
