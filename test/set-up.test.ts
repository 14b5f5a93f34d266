import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from './support/temporary-folder.js';

const folder = temporaryFolder();

describe('the set-up of a fresh clone', () => {
  it('works where Node lies in "Program Files", on Windows too', () => {
    const clone = join(folder, 'my clone');
    for (const name of ['bin', 'src', 'commands', 'page', 'test/bench', 'node_modules/typescript/bin']) {
      mkdirSync(join(clone, name), { recursive: true });
    }
    for (const name of ['src', 'commands', 'page', 'test/bench'])
      writeFileSync(join(clone, name, 'a.ts'), '');
    for (const name of ['package-lock.json', 'tsconfig.json', 'node_modules/.package-lock.json']) {
      writeFileSync(join(clone, name), '{}');
    }
    writeFileSync(join(clone, 'package.json'), '{"type":"module"}');
    cpSync('bin/set-up.js', join(clone, 'bin/set-up.js'));
    writeFileSync(join(clone, 'bin/bundle.js'), '');
    const compiler =
      "require('fs').mkdirSync('dist',{recursive:true});require('fs').writeFileSync('dist/.tsbuildinfo', process.execPath)";
    mkdirSync(join(clone, 'node_modules/typescript'), { recursive: true });
    writeFileSync(join(clone, 'node_modules/typescript/package.json'), '{"type":"commonjs"}');
    writeFileSync(join(clone, 'node_modules/typescript/bin/tsc'), compiler);
    const programs = join(folder, 'Program Files', 'nodejs');
    mkdirSync(programs, { recursive: true });
    symlinkSync(process.execPath, join(programs, 'node'));
    // As on Windows, whose shell would break the path at its space; here there is no such shell at all.
    writeFileSync(
      join(folder, 'windows.cjs'),
      `Object.defineProperty(process, 'platform', { value: 'win32' });
       Object.defineProperty(process, 'execPath', { value: ${JSON.stringify(join(programs, 'node'))} });`,
    );
    const args = ['--require', join(folder, 'windows.cjs'), join(clone, 'bin/set-up.js')];
    const env = { ...process.env, comspec: join(folder, 'no-shell') };
    const { status, stderr } = spawnSync(process.execPath, args, { env, encoding: 'utf8' });
    expect(stderr).not.toContain('failed');
    expect(stderr).not.toContain('DEP0190');
    expect(status).toBe(0);
  });
});
