import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countStart } from '../../../src/repl/count-starts.js';
import { appendHistory, clearHistory, readHistory } from '../../../src/repl/input/history-file.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const folder = temporaryFolder();

describe('the history file', () => {
  it('gives every line back, whatever breaks are in it', async () => {
    const path = join(folder, 'deep', 'history');
    const line = fc.string().filter((text) => text.trim() !== '' && !text.startsWith(' '));
    await fc.assert(
      fc.asyncProperty(fc.array(line, { maxLength: 5 }), async (lines) => {
        await clearHistory(path);
        for (const one of lines) await appendHistory(path, one);
        expect(await readHistory(path)).toEqual(lines);
      }),
      { numRuns: 30 },
    );
  });

  it('can be read by the user alone, also when it could be read by others', async () => {
    const path = join(folder, 'private');
    writeFileSync(path, 'old\n', { mode: 0o644 });
    await appendHistory(path, 'new');
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(await readHistory(path)).toEqual(['old', 'new']);
  });

  it('leaves out lines that begin with a space, and survives a folder in its place', async () => {
    const path = join(folder, 'spaces');
    await appendHistory(path, ' secret');
    expect(existsSync(path)).toBe(false);
    await appendHistory(folder, 'nowhere');
    expect(await readHistory(folder)).toEqual([]);
  });

  it('says so when it cannot be cleared', async () => {
    await expect(clearHistory(folder)).rejects.toThrow('The history cannot be cleared: EISDIR');
    await clearHistory(join(folder, 'not', 'there'));
    expect(existsSync(join(folder, 'not'))).toBe(false);
  });
});

describe('countStart', () => {
  it('is true three times, then never again', async () => {
    const path = join(folder, 'starts');
    const seen = [];
    for (let i = 0; i < 5; i++) seen.push(await countStart(path));
    expect(seen).toEqual([true, true, true, false, false]);
    expect(readFileSync(path, 'utf8')).toBe('3');
  });
});
