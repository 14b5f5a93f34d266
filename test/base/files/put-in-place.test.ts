import { spawnSync } from 'node:child_process';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { putInPlace } from '../../../src/base/files/put-in-place.js';
import type { RenameSystem } from '../../../src/base/files/rename-patiently.js';
import { unwritable } from '../../../src/base/files/unwritable.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

/** A system that refuses to rename so many times, and keeps the pauses that were made. */
function refusing(
  platform: NodeJS.Platform,
  code: string,
  times = Infinity,
): RenameSystem & { waits: number[] } {
  const waits: number[] = [];
  let left = times;
  return {
    platform,
    waits,
    wait: async (milliseconds) => void waits.push(milliseconds),
    rename: async (from, to) => {
      if (left-- > 0) throw Object.assign(new Error(code), { code });
      await rename(from, to);
    },
  };
}

function makePair(): { from: string; to: string } {
  const folder = temporaryFolder();
  const [from, to] = [join(folder, 'part'), join(folder, 'out.txt')];
  writeFileSync(from, 'new');
  writeFileSync(to, 'old, and longer');
  return { from, to };
}

describe('putInPlace', () => {
  it.each(['EPERM', 'EBUSY', 'EACCES'])('waits on Windows for who has the file open: %s', async (code) => {
    const { from, to } = makePair();
    const system = refusing('win32', code, 3);
    await putInPlace(from, to, system);
    expect(readFileSync(to, 'utf8')).toBe('new');
    expect(system.waits).toHaveLength(3);
  });

  it('keeps finished work after two seconds, and names it', async () => {
    const { from, to } = makePair();
    const system = refusing('win32', 'EPERM');
    const error: unknown = await putInPlace(from, to, system).catch((thrown: unknown) => thrown);
    expect(system.waits.reduce((sum, wait) => sum + wait, 0)).toBe(2000);
    expect([readFileSync(from, 'utf8'), readFileSync(to, 'utf8')]).toEqual(['new', 'old, and longer']);
    const { message, hint, code, exitCode } = unwritable(to, error);
    expect([code, exitCode]).toEqual(['OUTPUT_UNWRITABLE', 2]);
    expect(message).toContain(from);
    expect(hint).toContain('Rename');
  });

  it.each(['EBUSY', 'EXDEV'])('copies into a file that cannot be replaced: %s', async (code) => {
    const { from, to } = makePair();
    const { ino } = statSync(to);
    await putInPlace(from, to, refusing('linux', code));
    expect([readFileSync(to, 'utf8'), statSync(to).ino]).toEqual(['new', ino]);
    expect(() => statSync(from)).toThrow('ENOENT');
  });

  it('does not wait where that is of no use', async () => {
    const { from, to } = makePair();
    const system = refusing('linux', 'EACCES');
    await expect(putInPlace(from, to, system)).rejects.toMatchObject({ keptPath: from });
    expect(system.waits).toEqual([]);
  });

  const canMount =
    process.platform === 'linux' && spawnSync('unshare', ['--mount', '--map-root-user', 'true']).status === 0;
  it.skipIf(!canMount)('writes into a file that is mounted by itself', () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'a file'), 'old');
    writeFileSync(join(folder, 'b file'), 'old');
    const program = `import { writeFileWhole } from '${join(process.cwd(), 'dist/src/base/files/write-file-whole.js')}';
      await writeFileWhole('b file', 'new');`;
    const script = `cd "$1" && mount --bind 'a file' 'b file' && exec "$0" --input-type=module -e "$2"`;
    const { status, stderr } = spawnSync(
      'unshare',
      ['--mount', '--map-root-user', 'sh', '-c', script, process.execPath, folder, program],
      { encoding: 'utf8' },
    );
    expect([status, stderr]).toEqual([0, '']);
    expect(readFileSync(join(folder, 'a file'), 'utf8')).toBe('new');
  });
});
