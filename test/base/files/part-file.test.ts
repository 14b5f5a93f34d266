import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { PartFile } from '../../../src/base/files/part-file.js';
import { writeFileWhole } from '../../../src/base/files/write-file-whole.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

function inFolder(name: string, content?: string): string {
  const path = join(temporaryFolder(), name);
  if (content !== undefined) writeFileSync(path, content);
  return path;
}

describe('PartFile', () => {
  it('lets the file appear when it is whole, and an older one stay until then', async () => {
    const path = inFolder('a.txt', 'old');
    const file = await PartFile.open(path);
    await file.write('one ');
    await file.write(Buffer.from('two'));
    expect(readFileSync(path, 'utf8')).toBe('old');
    expect(file.partPath).toContain(join(path, '..'));
    await file.commit();
    expect(readFileSync(path, 'utf8')).toBe('one two');
    expect(readdirSync(join(path, '..'))).toEqual([basename(path)]);
  });

  it('leaves nothing behind when it is thrown away', async () => {
    const path = inFolder('a.txt', 'old');
    const file = await PartFile.open(path);
    await file.write('new');
    await file.discard();
    expect(readFileSync(path, 'utf8')).toBe('old');
    expect(readdirSync(join(path, '..'))).toEqual(['a.txt']);
  });

  it.skipIf(!existsSync('/dev/full'))('keeps the older file when the disk is full', async () => {
    const path = inFolder('a.txt', 'old');
    const file = await PartFile.open(path);
    // What the disk says when the part is written.
    const full = await PartFile.open('/dev/full');
    file.write = full.write.bind(full);
    await expect(file.write('new')).rejects.toMatchObject({ code: 'ENOSPC' });
    await file.discard();
    expect(readFileSync(path, 'utf8')).toBe('old');
    await expect(full.commit()).rejects.toMatchObject({ code: 'ENOSPC' });
    await expect(writeFileWhole('/dev/full', 'text')).rejects.toMatchObject({
      ...{
        code: 'OUTPUT_UNWRITABLE',
        exitCode: 2,
        message: '/dev/full cannot be written: the disk is full.',
      },
    });
  });

  it.skipIf(process.platform === 'win32')('keeps the permissions that a file has', async () => {
    const path = inFolder('a.txt', 'old');
    for (const mode of [0o600, 0o640, 0o444]) {
      chmodSync(path, mode);
      const file = await PartFile.open(path);
      expect(statSync(file.partPath).mode & 0o777).toBe(mode);
      await file.commit();
      expect(statSync(path).mode & 0o777).toBe(mode);
    }
    await writeFileWhole(path, 'secret', { mode: 0o600 });
    expect(statSync(path).mode & 0o777).toBe(0o600);
    const fresh = inFolder('new.txt');
    await writeFileWhole(fresh, 'secret', { mode: 0o600 });
    expect(statSync(fresh).mode & 0o777).toBe(0o600);
  });

  it('lets a link stay a link, also one to a file that is not there yet', async () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'far'));
    writeFileSync(join(folder, 'far', 'there.txt'), 'old');
    for (const name of ['there.txt', 'later.txt']) {
      const link = join(folder, name);
      symlinkSync(join('far', name), link);
      await writeFileWhole(link, name);
      expect(lstatSync(link).isSymbolicLink()).toBe(true);
      expect(readlinkSync(link)).toBe(join('far', name));
      expect(readFileSync(join(folder, 'far', name), 'utf8')).toBe(name);
    }
    expect(readdirSync(join(folder, 'far')).sort()).toEqual(['later.txt', 'there.txt']);
  });

  it('writes into a device as it is', async () => {
    await writeFileWhole('/dev/null', 'text');
    expect(statSync('/dev/null').isCharacterDevice()).toBe(true);
  });

  it('takes the longest names that the disk takes', async () => {
    const path = inFolder(`${'ä'.repeat(125)}.txt`);
    await writeFileWhole(path, 'text');
    expect(readFileSync(path, 'utf8')).toBe('text');
  });

  it('keeps finished work that cannot get its name, and says where', async () => {
    const path = inFolder('taken');
    const file = await PartFile.open(path);
    await file.write('work');
    mkdirSync(path);
    await expect(file.commit()).rejects.toMatchObject({ keptPath: file.partPath });
    expect(readFileSync(file.partPath, 'utf8')).toBe('work');
  });

  it('says that a folder is none', async () => {
    await expect(writeFileWhole(temporaryFolder(), 'x')).rejects.toThrow('it is a folder');
    await expect(writeFileWhole(inFolder('no/file'), 'x')).rejects.toThrow('does not exist');
  });
});
