// npm's `prepare`: builds what the package holds of dist/, in a clone and before `npm pack`. Where the tools are not
// installed (`npm ci --omit=dev`) there is nothing to build with, and the installation must not fail for it.
import { existsSync } from 'node:fs';

const tools = ['typescript', 'rolldown'];

if (tools.every((name) => existsSync(new URL(`../node_modules/${name}`, import.meta.url)))) {
  await import('./bundle.js');
  await import('./write-types.js');
} else {
  process.stderr.write('pali: no compiler here, so dist/ was not built.\n');
}
