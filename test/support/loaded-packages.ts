import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The scripts that each process and each thread of a run loaded, as V8 itself lists them: their addresses.
 *
 * @param folder that NODE_V8_COVERAGE named for the run, which has ended.
 */
export function listLoadedScripts(folder: string): string[][] {
  return readdirSync(folder).map((file) => {
    const report = JSON.parse(readFileSync(join(folder, file), 'utf8')) as { result: { url: string }[] };
    return report.result.map(({ url }) => url);
  });
}

/** Of the processes and threads, the scripts of the one that runs this file of dist/bundle/; none when none does. */
export function findProgram(processes: readonly string[][], name: string): string[] {
  return processes.find((scripts) => scripts.some((url) => url.endsWith(`/dist/bundle/${name}.js`))) ?? [];
}

/** The packages that scripts belong to, in the order of the alphabet. */
export function listPackages(scripts: readonly string[]): string[] {
  const names = scripts.map((url) => /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url)?.[1] ?? []);
  return [...new Set(names.flat())].sort();
}
