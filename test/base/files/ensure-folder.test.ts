import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { describeNoFolder, ensureFolder, removeEmptyFolders } from '../../../src/base/files/ensure-folder.js';

const folder = mkdtempSync(join(tmpdir(), 'pali-ensure-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const whyNot = async (path: string): Promise<string> =>
  ensureFolder(path).then(
    () => 'made',
    (error: unknown) => describeNoFolder(path, error),
  );

describe('ensureFolder', () => {
  it('makes a folder and those above it, and is content when it is there', async () => {
    const path = join(folder, 'a', 'b', 'c');
    await ensureFolder(path, 0o700);
    await ensureFolder(path, 0o700);
    expect(statSync(path).isDirectory()).toBe(true);
    if (process.platform !== 'win32') expect(statSync(join(folder, 'a')).mode & 0o777).toBe(0o700);
  });

  it('makes one folder for several who ask at once', async () => {
    const path = join(folder, 'x', 'y', 'z');
    await Promise.all(Array.from({ length: 20 }, () => ensureFolder(path)));
    expect(existsSync(path)).toBe(true);
  });

  it('names the outermost folder that it made, so that empty ones can go again', async () => {
    const [outermost, empty] = [join(folder, 'p'), join(folder, 'p', 'q', 'r')];
    expect(await ensureFolder(empty)).toBe(outermost);
    expect(await ensureFolder(empty)).toBeUndefined();
    const beside = join(folder, 'p', 's');
    expect(await ensureFolder(beside)).toBe(beside);
    await removeEmptyFolders(empty, undefined);
    expect(existsSync(empty)).toBe(true);
    await removeEmptyFolders(empty, outermost);
    expect([existsSync(join(folder, 'p', 'q')), existsSync(beside)]).toEqual([false, true]);
    await removeEmptyFolders(beside, outermost);
    expect([existsSync(outermost), existsSync(folder)]).toEqual([false, true]);
  });

  it('says that a file is in its place, or above it', async () => {
    const file = join(folder, 'file');
    writeFileSync(file, '');
    expect(await whyNot(file)).toBe(`The folder ${file} cannot be made: a file is in its place.`);
    expect(await whyNot(join(file, 'models'))).toBe(
      `The folder ${join(file, 'models')} cannot be made: what should be a folder above it is a file.`,
    );
  });

  it.runIf(process.platform === 'linux')('gives up where the system allows no folder', async () => {
    expect(await whyNot('/proc/nope/models')).toBe(
      'The folder /proc/nope cannot be made: the system allows none there.',
    );
  });
});
