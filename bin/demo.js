// `npm run demo`: what pali does, on a picture from fixtures/ with the demo model.
import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const picture = 'fixtures/gallery/farm.png';
const commands = [
  ['detect', 'object', picture, '--overlay', 'demo-out/detect.png'],
  ['segment', 'cow ; tractor', picture, '--overlay', 'demo-out/segment.png', '--quiet'],
  ['caption', picture, '--quiet'],
  ['answer', 'how many animals are there?', picture, '--quiet'],
];

mkdirSync(new URL('../demo-out/', import.meta.url), { recursive: true });
for (const args of commands) {
  const shown = args.map((arg) => (/[ ;?]/.test(arg) ? `"${arg}"` : arg));
  process.stdout.write(`$ pali ${shown.join(' ')}\n`);
  const { status } = spawnSync(process.execPath, ['bin/pali.js', ...args], { cwd: root, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
  process.stdout.write('\n');
}
process.stdout.write('Pictures with boxes and masks: demo-out/detect.png and demo-out/segment.png\n');
