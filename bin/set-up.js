// Makes a fresh clone ready, once: installs the packages and builds dist/. Plain JavaScript without imports of
// ours, because it runs before anything is installed.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const modifiedMs = (path) => (existsSync(join(root, path)) ? statSync(join(root, path)).mtimeMs : 0);

/** The newest file below a folder. */
function newestMs(folder) {
  const entries = readdirSync(join(root, folder), { withFileTypes: true, recursive: true });
  return Math.max(
    ...entries
      .filter((entry) => entry.isFile())
      .map((entry) => statSync(join(entry.parentPath, entry.name)).mtimeMs),
  );
}

/** Run one of Node's programs: without a shell, which would break the path of Node at its spaces. */
function run(title, args) {
  return start(title, [process.execPath, ...args], false);
}

/**
 * Run npm as a program of Node where `npm run` says where it lies; else by its name. On Windows that is a script
 * of the shell, which gets one line of text, as Node warns of arguments that a shell would take apart.
 */
function runNpm(title, args) {
  const program = process.env.npm_execpath ?? '';
  if (/npm-cli\.c?js$/.test(program)) return run(title, [program, ...args]);
  const isWindows = process.platform === 'win32';
  return start(title, isWindows ? [['npm', ...args].join(' ')] : ['npm', ...args], isWindows);
}

function start(title, [command, ...args], shell) {
  process.stderr.write(`${title} ...\n`);
  const result = spawnSync(command, args, {
    cwd: root,
    shell,
    // npm's own lines go to stderr: stdout is for what the user asked for.
    stdio: ['ignore', process.stderr, process.stderr],
    // The CPU and WebGPU providers come with the package; CUDA libraries are the user's choice (docs/gpu.md).
    env: { ...process.env, ONNXRUNTIME_NODE_INSTALL: process.env.ONNXRUNTIME_NODE_INSTALL ?? 'skip' },
  });
  if (result.status !== 0) {
    process.stderr.write(`${title} failed. Run it by hand to see why: ${command} ${args.join(' ')}\n`);
    process.exit(1);
  }
}

if (modifiedMs('node_modules/.package-lock.json') < modifiedMs('package-lock.json')) {
  runNpm('Installing packages (once)', ['ci', '--no-audit', '--no-fund', '--ignore-scripts']);
}
const program = Math.max(...['src', 'commands'].map(newestMs), modifiedMs('tsconfig.json'));
if (modifiedMs('dist/.tsbuildinfo') < Math.max(program, newestMs('test/bench'))) {
  run('Building', ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json']);
}
if (modifiedMs('dist/bundle/main.js') < Math.max(program, newestMs('page'), modifiedMs('bin/bundle.js'))) {
  run('Joining files', ['bin/bundle.js']);
}
