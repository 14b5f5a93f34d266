import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ensureHome } from '../../src/base/ensure-home.js';

const noHome = (): string => {
  throw Object.assign(new Error('uv_os_homedir returned ENOENT'), { code: 'ERR_SYSTEM_ERROR' });
};
const canChangeUser = process.getuid?.() === 0 && spawnSync('setpriv', ['--version']).status === 0;

describe('a user without a home folder', () => {
  it('has PALI_HOME in its place', () => {
    const env = { PALI_HOME: '/data/pali' };
    ensureHome(env, noHome);
    expect(env).toEqual({ PALI_HOME: '/data/pali', HOME: resolve('/data/pali') });
  });

  it('gets a sentence without PALI_HOME', () => {
    expect(() => ensureHome({}, noHome)).toThrow('This user has no home folder.');
  });

  it.runIf(canChangeUser)('can run the doctor', () => {
    const home = mkdtempSync(join(tmpdir(), 'pali-home-'));
    chmodSync(home, 0o777);
    const user = ['--reuid', '12345', '--regid', '12345', '--clear-groups'];
    const run = (env: NodeJS.ProcessEnv): string => {
      const program = [process.execPath, 'bin/pali.js', 'doctor'];
      const { stdout, stderr } = spawnSync('setpriv', [...user, ...program], { env, encoding: 'utf8' });
      return stdout + stderr;
    };
    const path = { PATH: process.env['PATH'] };
    expect(run({ ...path, PALI_HOME: home })).not.toContain('bug');
    expect(run({ ...path, PALI_HOME: home })).toContain('demo');
    expect(run(path)).toContain('Set HOME or PALI_HOME to a folder that you may write to.');
  });
});
