import {
  cpSync,
  existsSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkChangedFiles, type KnownFile } from '../../../src/base/model-files/check-files.js';
import { MARKS_FILE } from '../../../src/base/model-files/file-marks.js';
import { hashFile, hashSample } from '../../../src/base/model-files/hash-file.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

/** A folder of two files that were written long enough ago to be remembered. */
async function makeFolder(): Promise<{ folder: string; files: KnownFile[] }> {
  const folder = temporaryFolder();
  const files: KnownFile[] = [];
  for (const [path, content] of [
    ['a.data', 'weights'],
    ['b.onnx', 'graph'],
  ]) {
    writeFileSync(join(folder, path), content);
    const sha256 = await hashFile(join(folder, path));
    const sampleSha256 = await hashSample(join(folder, path), content.length);
    files.push({ path, sizeBytes: content.length, sha256, sampleSha256 });
  }
  await new Promise((resolve) => setTimeout(resolve, 2100));
  return { folder, files };
}

describe('checkChangedFiles', () => {
  it('reads what it has not read before, and again what was changed or moved', async () => {
    const { folder, files } = await makeFolder();
    expect(await checkChangedFiles(folder, files)).toBe(2);
    expect(await checkChangedFiles(folder, files)).toBe(0);
    // Files that were not asked for before are read; the others stay remembered.
    rmSync(join(folder, MARKS_FILE));
    expect(await checkChangedFiles(folder, files.slice(0, 1))).toBe(1);
    expect(await checkChangedFiles(folder, files)).toBe(1);

    // The same size and time of change, another content: whoever sets the time back changes the inode's own.
    const { atime, mtime } = statSync(join(folder, 'a.data'));
    writeFileSync(join(folder, 'a.data'), 'WEIGHTS');
    utimesSync(join(folder, 'a.data'), atime, mtime);
    await expect(checkChangedFiles(folder, files)).rejects.toMatchObject({ code: 'MODEL_DAMAGED' });
    writeFileSync(join(folder, 'a.data'), 'weights');
    expect(await checkChangedFiles(folder, files)).toBe(1);
    // Too fresh to be remembered: it might be changed once more in the same tick of the clock.
    expect(await checkChangedFiles(folder, files)).toBe(1);

    const moved = `${folder}-moved`;
    renameSync(folder, moved);
    expect(await checkChangedFiles(moved, files)).toBe(2);
    rmSync(moved, { recursive: true });
  });

  it('believes neither what was remembered of another manifest, nor a copy, nor a damaged memory', async () => {
    const { folder, files } = await makeFolder();
    await checkChangedFiles(folder, files);
    const other = files.map((file) => ({ ...file, sha256: '0'.repeat(64) }));
    await expect(checkChangedFiles(folder, other)).rejects.toThrow('its content has changed');

    const copy = `${folder}-copy`;
    cpSync(folder, copy, { recursive: true, preserveTimestamps: true });
    writeFileSync(join(copy, MARKS_FILE), readFileSync(join(copy, MARKS_FILE), 'utf8').replace(folder, copy));
    expect(await checkChangedFiles(copy, files)).toBe(2);
    rmSync(copy, { recursive: true });

    for (const content of ['', '{}', '[', '{"version":1,"place":"x","files":{"a.data":1}}']) {
      writeFileSync(join(folder, MARKS_FILE), content);
      expect(await checkChangedFiles(folder, files)).toBe(2);
    }
    expect(existsSync(join(folder, MARKS_FILE))).toBe(true);
  });
});
