import { execFileSync } from 'node:child_process';

/** Build `dist/` once before the tests: those that start the program or the engine run what a user runs. */
export default function setup(): void {
  for (const project of ['tsconfig.build.json', 'page']) {
    execFileSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', project], { stdio: 'inherit' });
  }
  execFileSync(process.execPath, ['bin/bundle.js'], { stdio: 'inherit' });
}
