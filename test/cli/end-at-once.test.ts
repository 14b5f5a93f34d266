import { execFileSync, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { temporaryFolder } from '../support/temporary-folder.js';

const folder = temporaryFolder();
const pipe = join(folder, 'pipe.png');
const left = join(folder, 'left');
const module = pathToFileURL(resolve('dist/src/cli/end-at-once.js')).href;

/** End a process with 130 while `work` is under way, with a file that is removed when it ends. */
async function endDuring(work: string): Promise<{ code: number | null; signal: string | null }> {
  const program = `
    import { open } from 'node:fs/promises';
    import { rmSync, writeFileSync } from 'node:fs';
    import { endAtOnce } from ${JSON.stringify(module)};
    const [left, pipe] = ${JSON.stringify([left, pipe])};
    writeFileSync(left, '');
    process.on('exit', () => rmSync(left));
    process.on('SIGINT', () => undefined);
    ${work}
    setTimeout(() => endAtOnce(130), 100);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], { stdio: 'ignore' });
  onTestFinished(() => void child.kill('SIGKILL'));
  return new Promise((settle, reject) => {
    child.on('error', reject);
    child.on('exit', (code, signal) => settle({ code, signal }));
  });
}

describe.skipIf(process.platform === 'win32')('the end after a second Ctrl-C', () => {
  it('comes while a file is waited for that nobody writes, and clears away first', async () => {
    execFileSync('mkfifo', [pipe]);
    expect(await endDuring('void open(pipe);')).toEqual({ code: null, signal: 'SIGINT' });
    expect(existsSync(left)).toBe(false);
  });

  it('is the exit code where nothing is waited for', async () => {
    expect(await endDuring('')).toEqual({ code: 130, signal: null });
    expect(existsSync(left)).toBe(false);
  });
});
