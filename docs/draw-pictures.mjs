// Draws the pictures of these pages anew, from the program as it is: node docs/draw-pictures.mjs [FOLDER] [NAME...]
// (npm run pictures builds first). Without a folder they replace those in docs; names choose some of them. A test draws
// them elsewhere and compares: one that fails there wants this script to be run, and its pictures to be looked at.
// docs/page.png needs Chromium and is left as it is without.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const [folder = join(root, 'docs'), ...names] = process.argv.slice(2);
const home = mkdtempSync(join(tmpdir(), 'pali-pictures-'));

function pali(...args) {
  run('bin/pali.js', ...args, '-q');
}

function run(...args) {
  const env = { ...process.env, PALI_HOME: process.env.PALI_HOME ?? home };
  const stdio = ['ignore', 'ignore', 'inherit'];
  const { status } = spawnSync(process.execPath, args, { cwd: root, env, stdio });
  if (status !== 0) throw new Error(`${args.join(' ')} ended with ${status}.`);
}

/** What each picture is made by; the commands are those that stand beside it. */
const pictures = {
  'overlay.png': (path) => pali('segment', 'cow ; tractor', 'fixtures/gallery/farm.png', '--overlay', path),
  'sheet.webp': (path) =>
    pali('detect', 'dog ; tractor', 'fixtures/video/crossing.mp4', '--track', '--contact-sheet', path),
  'repl.svg': (path) => run('docs/record-repl.mjs', path),
  'page.png': (path) => run('docs/photograph-page.mjs', path),
};

try {
  for (const [name, draw] of Object.entries(pictures)) {
    if (names.length === 0 || names.includes(name)) draw(resolve(folder, name));
  }
} finally {
  rmSync(home, { recursive: true, force: true });
}
