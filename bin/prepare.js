// npm's `prepare`: builds dist/ in a clone and before `npm pack`. Where the compiler is not installed
// (`npm ci --omit=dev`) there is nothing to build with, and the installation must not fail for it.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const compiler = 'node_modules/typescript/bin/tsc';

/** What an older build left of files that are gone. */
function removeStale(folder) {
  if (!existsSync(join(root, 'dist', folder))) return;
  for (const name of readdirSync(join(root, 'dist', folder), { recursive: true })) {
    const source = join(root, folder, name.replace(/\.js(\.map)?$/, ''));
    const isBuilt = /\.js(\.map)?$/.test(name);
    if (isBuilt && !existsSync(`${source}.ts`) && !existsSync(`${source}.tsx`)) {
      rmSync(join(root, 'dist', folder, name));
    }
  }
}

if (existsSync(new URL(`../${compiler}`, import.meta.url))) {
  const statuses = ['tsconfig.build.json', 'page'].map(
    (project) =>
      spawnSync(process.execPath, [compiler, '-p', project], {
        cwd: root,
        // npm pack --json prints to stdout; nothing else may.
        stdio: ['ignore', process.stderr, process.stderr],
      }).status ?? 1,
  );
  for (const folder of ['src', 'commands', 'page']) removeStale(folder);
  await import('./bundle.js');
  await import('./write-types.js');
  process.exitCode = Math.max(...statuses);
} else {
  process.stderr.write('pali: no TypeScript compiler here, so dist/ was not built.\n');
}
