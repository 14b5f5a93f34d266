import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** The folder that pali is installed in: the nearest one above this file that holds pali's package.json. */
export function packageFolder(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json'))) {
    const parent = dirname(folder);
    if (parent === folder) throw new Error('pali cannot find its own package.json.');
    folder = parent;
  }
  return folder;
}

/**
 * A file of the built program, such as `engine-child.js`, by its place in dist/bundle/, which bin/bundle.js writes. It
 * is the built one even when this runs from TypeScript source, as in tests.
 */
export function builtFile(path: string): URL {
  return pathToFileURL(join(packageFolder(), 'dist/bundle', path));
}

/** The version of onnxruntime that package.json pins, such as `1.30.0`: known without loading it. */
export function onnxruntimeVersion(): string | undefined {
  const text = readFileSync(join(packageFolder(), 'package.json'), 'utf8');
  return (JSON.parse(text) as { dependencies?: Record<string, string> }).dependencies?.['onnxruntime-node'];
}

/** The version in package.json, such as `0.1.0`. */
export function packageVersion(): string {
  const text = readFileSync(join(packageFolder(), 'package.json'), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
