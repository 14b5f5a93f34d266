import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { isRunning } from '../../../src/base/files/file-lock.js';

const parentProgram = fileURLToPath(new URL('../../../fixtures/engines/parent.mjs', import.meta.url));

describe.skipIf(process.platform === 'win32')('watchParent', () => {
  it('ends a blocked engine whose parent was killed', async () => {
    const parent = spawn(process.execPath, [parentProgram], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [line] = (await once(parent.stdout, 'data')) as [Buffer];
    const pid = Number(line.toString());
    expect(isRunning(pid)).toBe(true);
    // Ctrl-C reaches it too, and is the parent's business.
    process.kill(pid, 'SIGINT');
    parent.kill('SIGKILL');
    // The file's test timeout is the limit: an orphan would be waited for in vain.
    while (isRunning(pid)) await new Promise((resolve) => setTimeout(resolve, 50));
  });
});
