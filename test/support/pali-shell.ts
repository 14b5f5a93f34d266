import { spawn } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** What a line gave. */
export interface ShellRun {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number | null;
}

/** Put `pali` into a folder of programs, as an installation would, and give the PATH that finds it. */
export function addPaliToPath(folder: string): string {
  const programs = join(folder, 'bin-of-pali');
  mkdirSync(programs, { recursive: true });
  const pali = join(programs, 'pali');
  writeFileSync(pali, `#!/bin/sh\nexec '${process.execPath}' '${resolve('bin/pali.js')}' "$@"\n`);
  chmodSync(pali, 0o755);
  return `${programs}:${process.env['PATH']}`;
}

/** Run a line as a user types it. `input` is typed at what it starts. */
export async function runLine(
  line: string,
  { cwd, env, input = '' }: { cwd: string; env: NodeJS.ProcessEnv; input?: string },
): Promise<ShellRun> {
  const child = spawn('bash', ['-o', 'pipefail', '-c', line], { cwd, env });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  // A line that reads nothing closes it first.
  child.stdin.on('error', () => undefined).end(input);
  const exitCode = await new Promise<number | null>((ended) => child.on('close', ended));
  return { stdout, stderr, exitCode };
}
