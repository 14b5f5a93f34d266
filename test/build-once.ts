import { execFileSync } from 'node:child_process';

/** Build `dist/` once before the tests: those that start the program or the engine run what a user runs. */
export default function setup(): void {
  for (const args of [['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json'], ['bin/bundle.js']]) {
    execFileSync(process.execPath, args, { stdio: 'inherit' });
  }
}
