import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openFile } from '../../../src/cli/results/open-sink.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const folder = temporaryFolder();

describe('openFile', () => {
  it('lets the file appear when it is whole', async () => {
    const path = join(folder, 'new.txt');
    const sink = await openFile(path);
    await sink.write('one\n');
    expect(existsSync(path)).toBe(false);
    await sink.write('two\n');
    await sink.close('keep');
    expect(readFileSync(path, 'utf8')).toBe('one\ntwo\n');
  });

  it('leaves an older one alone when nothing is kept', async () => {
    const path = join(folder, 'old.txt');
    writeFileSync(path, 'old');
    const sink = await openFile(path);
    await sink.write('new');
    await sink.close('discard');
    expect(readFileSync(path, 'utf8')).toBe('old');
    expect(readdirSync(folder).filter((name) => name.endsWith('.part'))).toEqual([]);
  });

  it('keeps the results of work that failed beside an older file', async () => {
    const path = join(folder, 'cars.json');
    writeFileSync(path, 'old');
    const sink = await openFile(path);
    await sink.write('new');
    const notes: string[] = [];
    await sink.close('aside', (sentence) => notes.push(sentence));
    expect(readFileSync(path, 'utf8')).toBe('old');
    expect(readFileSync(join(folder, 'cars.partial.json'), 'utf8')).toBe('new');
    expect(notes).toEqual([expect.stringContaining('cars.partial.json')]);
    expect(readdirSync(folder).filter((name) => name.endsWith('.part'))).toEqual([]);
  });

  it('writes through a link, and into a device as it is', async () => {
    const target = join(folder, 'target.txt');
    writeFileSync(target, '');
    symlinkSync(target, join(folder, 'link.txt'));
    for (const path of [join(folder, 'link.txt'), '/dev/null']) {
      const sink = await openFile(path);
      await sink.write('text');
      await sink.close('keep');
    }
    expect(readFileSync(target, 'utf8')).toBe('text');
    expect(readFileSync('/dev/null', 'utf8')).toBe('');
  });

  it('keeps results that cannot get their name, and says where', async () => {
    const path = join(folder, 'taken');
    const sink = await openFile(path);
    await sink.write('result');
    mkdirSync(path);
    const error: unknown = await sink.close('keep').catch((thrown: unknown) => thrown);
    const [kept] = readdirSync(folder).filter((name) => name.endsWith('.part'));
    expect(error).toMatchObject({ exitCode: 2, message: expect.stringContaining(kept) as string });
    expect(readFileSync(join(folder, kept), 'utf8')).toBe('result');
  });

  it('says why a place cannot be written to', async () => {
    await expect(openFile(join(folder, 'no', 'file'))).rejects.toMatchObject({ exitCode: 2 });
    await expect(openFile(folder)).rejects.toMatchObject({
      message: expect.stringContaining('folder') as string,
    });
  });
});
