import type * as FileSystem from 'node:fs/promises';
import { existsSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { CancelledError } from '../../../src/base/errors.js';
import { openAppendFile } from '../../../src/base/files/append-file.js';
import { isLockAbandoned, tryFileLock, withFileLock } from '../../../src/base/files/file-lock.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const folder = temporaryFolder();
// Closed folders do not stop root, who may run this.
const closed = join(folder, 'closed');
vi.mock('node:fs/promises', async (load) => {
  const real = await load<typeof FileSystem>();
  const rename: typeof real.rename = async (from, to) => {
    if (String(from).startsWith(closed)) throw Object.assign(new Error('EACCES: rename'), { code: 'EACCES' });
    return real.rename(from, to);
  };
  return { ...real, rename };
});

let locks = 0;
const newLock = (): string => join(folder, `lock-${locks++}`);

describe('withFileLock', () => {
  it('lets one after the other work, and removes its file', async () => {
    const path = newLock();
    let active = 0;
    let most = 0;
    const work = async (): Promise<void> => {
      most = Math.max(most, ++active);
      await new Promise((settle) => setTimeout(settle, 5));
      active--;
    };
    await Promise.all([1, 2, 3].map(() => withFileLock(path, work)));
    expect(most).toBe(1);
    expect(existsSync(path)).toBe(false);
  });

  it('takes over what a dead process, or another computer long ago, has locked', async () => {
    for (const owner of [`${hostname()} 999999999 x\n`, 'elsewhere 1 x\n', '']) {
      const path = newLock();
      writeFileSync(path, owner);
      if (!owner.startsWith(hostname())) utimesSync(path, 0, 0);
      expect(await isLockAbandoned(path)).toBe(true);
      expect(await withFileLock(path, async () => 'done')).toBe('done');
    }
    expect(readdirSync(folder)).toEqual([]);
  });

  it('takes over what a container of the same name and process id left, or nobody touched for long', async () => {
    const own = newLock();
    writeFileSync(own, `${hostname()} ${process.pid} x\n`);
    expect(await withFileLock(own, async () => 'done')).toBe('done');
    const old = newLock();
    writeFileSync(old, `${hostname()} ${process.ppid} x\n`);
    utimesSync(old, 0, 0);
    expect(await withFileLock(old, async () => 'done')).toBe('done');
  });

  it('waits for the living, says so once, and can be cancelled', async () => {
    const path = newLock();
    writeFileSync(path, `${hostname()} ${process.ppid} x\n`);
    expect(await isLockAbandoned(path)).toBe(false);
    const stop = new AbortController();
    let told = 0;
    const waiting = withFileLock(path, async () => 'done', {
      signal: stop.signal,
      onWait: () => {
        told++;
        stop.abort();
      },
    });
    await expect(waiting).rejects.toThrow(CancelledError);
    expect(told).toBe(1);
    expect(existsSync(path)).toBe(true);
  });

  it('gives up where what a dead process has locked cannot be removed, and files there are added to without', async () => {
    const file = `${closed}.jsonl`;
    const dead = `${hostname()} 999999999 x\n`;
    writeFileSync(file, '');
    writeFileSync(`${file}.lock`, dead);
    await expect(tryFileLock(`${file}.lock`)).rejects.toThrow('EACCES');
    await expect(withFileLock(`${file}.lock`, async () => 'done')).rejects.toThrow('EACCES');
    const opened = await openAppendFile(file);
    await opened.append('line\n');
    await opened.close();
    expect(readFileSync(file, 'utf8')).toBe('line\n');
    expect(readFileSync(`${file}.lock`, 'utf8')).toBe(dead);
  });

  it('gives way when the work fails', async () => {
    const path = newLock();
    const failing = withFileLock(path, () => Promise.reject(new Error('no')));
    await expect(failing).rejects.toThrow('no');
    expect(existsSync(path)).toBe(false);
  });
});
