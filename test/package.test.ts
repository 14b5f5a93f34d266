import { execFileSync, spawnSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';

/** What `npm pack --json` says of a package. */
interface Packed {
  readonly filename: string;
  readonly size: number;
  readonly unpackedSize: number;
  readonly files: readonly { path: string; size: number }[];
}

const MIB = 2 ** 20;
const folder = realpathSync(mkdtempSync(join(tmpdir(), 'pali-package-')));
const installed = join(folder, 'package');
const home = join(folder, 'home');
const elsewhere = join(folder, 'elsewhere');
const temporary = join(folder, 'tmp');
const picture = resolve('fixtures/golden/p00_png_224x224.png');
const hasFfmpeg = spawnSync('ffmpeg', ['-version']).status === 0;
let packed: Packed;
let paths: string[];

function run(args: string[]): { stdout: string; stderr: string; status: number | null } {
  const env = { PATH: process.env['PATH'], HOME: home, TMPDIR: temporary };
  const { stdout, stderr, status } = spawnSync(process.execPath, [join(installed, 'bin/pali.js'), ...args], {
    cwd: elsewhere,
    env,
    encoding: 'utf8',
  });
  return { stdout, stderr, status };
}

function listFiles(path: string): string[] {
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name).slice(path.length + 1))
    .sort();
}

beforeAll(() => {
  for (const path of [home, elsewhere, temporary]) mkdirSync(path);
  const stdout = execFileSync('npm', ['pack', '--json', '--pack-destination', folder], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { ...process.env, npm_config_update_notifier: 'false' },
  });
  packed = (JSON.parse(stdout) as Packed[])[0];
  paths = packed.files.map(({ path }) => path).sort();
  execFileSync('tar', ['-xzf', join(folder, packed.filename), '-C', folder]);
  // Its dependencies, as an installation beside it would have them.
  symlinkSync(resolve('node_modules'), join(folder, 'node_modules'), 'dir');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('holds each command, the programs of other processes, the scripts of pages, and what they share', () => {
  const isShared = (path: string): boolean => path.startsWith('dist/bundle/chunks/');
  const isBuilt = (path: string): boolean => path.startsWith('dist/') && !path.startsWith('dist/types/');
  const programs = [
    'main',
    'pali',
    'engine-child',
    'watch-parent-thread',
    'tokenizer-thread',
    'svg-child',
    'measure-child',
  ];
  const commands = listFiles('commands').map((file) => `commands/${file.replace(/\.ts$/, '')}`);
  const scripts = [...programs, ...commands, 'pages/ask', 'pages/review'].map((name) => `${name}.js`);
  expect(paths.filter((path) => isBuilt(path) && !isShared(path))).toEqual(
    [...scripts, 'LICENCES.txt'].map((file) => `dist/bundle/${file}`).sort(),
  );
});

it('is built from its own sources and what Ink needs, whose licences it holds', () => {
  const bundled = paths.filter((path) => path.startsWith('dist/bundle/'));
  const origins = bundled.flatMap((path) =>
    [...readFileSync(join(installed, path), 'utf8').matchAll(/^\/\/ (\S+\.[cm]?[jt]sx?)$/gm)].map(
      ([, origin]) => origin,
    ),
  );
  expect(origins).toContain('src/engine/child/engine-child.ts');
  const packages = origins.flatMap((origin) => /^node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(origin)?.[1] ?? []);
  const licences = readFileSync(join(installed, 'dist/bundle/LICENCES.txt'), 'utf8');
  expect(packages).toEqual(expect.arrayContaining(['ink', 'react']));
  for (const name of packages) expect(licences).toMatch(new RegExp(`^${name} [\\d.]+ \\(`, 'm'));
  // Ink names this one for one function; all of it was most of the session's start.
  expect(packages.filter((name) => name === 'es-toolkit').length).toBeLessThan(10);
  // The few helpers of what joins them.
  const own = origins.filter((origin) => !/^(?:node_modules\/|\\0rolldown\/runtime\.js$)/.test(origin));
  expect(own.filter((origin) => !/^(?:src|commands|page)\//.test(origin) || !existsSync(origin))).toEqual([]);
});

it('holds the demo model, the pages and nothing that only the repository needs', () => {
  const pages = readdirSync('docs')
    .filter((file) => /\.(md|png|svg)$|^result\.schema\.json$/.test(file))
    .map((file) => `docs/${file}`);
  const styles = listFiles('page')
    .filter((file) => file.endsWith('.css'))
    .map((file) => `page/${file}`);
  const demo = readdirSync('fixtures/demo').map((file) => `fixtures/demo/${file}`);
  expect(paths.filter((path) => !path.startsWith('dist/'))).toEqual(
    [
      'CHANGELOG.md',
      'LICENSE',
      'README.md',
      'bin/pali.js',
      'package.json',
      ...pages,
      ...styles,
      ...demo,
    ].sort(),
  );
});

it('holds the types of what it gives, and of nothing else', () => {
  const types = paths.filter((path) => path.startsWith('dist/types/'));
  const named = types.flatMap((path) => {
    const text = readFileSync(join(installed, path), 'utf8');
    return [...text.matchAll(/from '(\.[^']+)\.js'/g)].map(([, to]) => `${join(dirname(path), to)}.d.ts`);
  });
  expect([...new Set(['dist/types/library/pali.d.ts', ...named])].sort()).toEqual(types);
  expect(types.length).toBeLessThan(25);
});

it('is as large as the demo model and little more', () => {
  const size = packed.files.reduce((sum, file) => sum + file.size, 0);
  const demo = packed.files
    .filter(({ path }) => path.startsWith('fixtures/demo/'))
    .reduce((sum, file) => sum + file.size, 0);
  const inMib = (bytes: number): string => (bytes / MIB).toFixed(1);
  process.stdout.write(
    `package: ${paths.length} files, ${inMib(packed.size)} MiB packed, ${inMib(size)} MiB unpacked, of which the demo model ${inMib(demo)} MiB\n`,
  );
  expect(packed.size).toBeLessThan(24 * MIB);
  // Program, declarations and pages, 0.9 MiB of it packages that are joined in. A picture or a source map that slips in would show here.
  expect(size - demo).toBeLessThan(4.4 * MIB);
});

it('installs without running anything: the scripts are for a clone', () => {
  const scripts = ['preinstall', 'install', 'postinstall'];
  const manifest = JSON.parse(
    execFileSync('tar', ['-xzOf', join(folder, packed.filename), 'package/package.json'], {
      encoding: 'utf8',
    }),
  ) as { scripts: Record<string, string> };
  expect(Object.keys(manifest.scripts).filter((name) => scripts.includes(name))).toEqual([]);
});

it('is a library: the examples of docs/library.md compile, and give what they say', () => {
  const user = join(folder, 'user');
  mkdirSync(join(user, 'node_modules'), { recursive: true });
  symlinkSync(installed, join(user, 'node_modules/pali'), 'dir');
  symlinkSync(resolve('node_modules/@types'), join(user, 'node_modules/@types'), 'dir');
  copyFileSync(picture, join(user, 'cups.png'));
  copyFileSync(resolve('fixtures/gallery/farm.png'), join(user, 'farm.png'));
  copyFileSync(resolve('fixtures/video/title.mp4'), join(user, 'clip.mp4'));
  const page = readFileSync('docs/library.md', 'utf8');
  const examples = [...page.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, code]) => code);
  expect(examples.length).toBeGreaterThan(6);
  examples.forEach((code, i) => writeFileSync(join(user, `example-${i}.mts`), code));
  const options = '--strict --exactOptionalPropertyTypes --module nodenext --target es2022 --types node';
  const compiled = spawnSync(
    process.execPath,
    [
      resolve('node_modules/typescript/bin/tsc'),
      ...options.split(' '),
      ...examples.map((_, i) => `example-${i}.mts`),
    ],
    { cwd: user, encoding: 'utf8' },
  );
  expect(compiled.stdout).toBe('');

  // One after the other, in one program.
  const runs = examples.flatMap((code, i) => (hasFfmpeg || !code.includes('.video(') ? [i] : []));
  writeFileSync(join(user, 'all.mjs'), runs.map((i) => `await import('./example-${i}.mjs');\n`).join(''));
  const env = { PATH: process.env['PATH'], HOME: join(folder, 'library-home'), TMPDIR: temporary };
  const ran = spawnSync(process.execPath, ['all.mjs'], { cwd: user, env, encoding: 'utf8' });
  const shown = runs.flatMap((i) => [...examples[i].matchAll(/\/\/> (.*)$/gm)].map(([, line]) => line));
  expect(ran.stderr).toBe('');
  expect(ran.stdout.trimEnd().split('\n')).toEqual(shown);
  expect(ran.status).toBe(0);
}, 300_000);

it('runs from another folder with an empty HOME, and writes into the user’s folders alone', () => {
  const before = listFiles(installed);
  expect(existsSync(join(installed, 'src'))).toBe(false);
  const startedAt = performance.now();
  const version = run(['--version']);
  expect(version.stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  expect(version.status).toBe(0);
  expect(readdirSync(home)).toEqual([]);

  const detected = run(['detect', '-q', 'cup', picture]);
  expect(detected).toMatchObject({ stderr: '', status: 0 });
  expect(detected.stdout).toMatch(/^cup\t[\d.]+\t\d+,\d+\t\d+,\d+\n/);
  expect(run(['caption', '-q', picture])).toEqual({ stdout: 'two cups\n', stderr: '', status: 0 });
  const page = run(['caption', '-q', '--format', 'html', picture]);
  expect(page).toMatchObject({ stderr: '', status: 0 });
  expect(page.stdout).toContain('<script type="module">');
  // Drawn in a process of its own.
  writeFileSync(join(folder, 'circle.svg'), '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>');
  expect(run(['caption', '-q', join(folder, 'circle.svg')])).toMatchObject({ stderr: '', status: 0 });
  if (hasFfmpeg) {
    const clip = run(['caption', '-q', '--frames', '2', resolve('fixtures/video/title.mp4')]);
    expect(clip).toMatchObject({ stderr: '', status: 0 });
    expect(clip.stdout).toMatch(/^00:00:\d\d\.\d{3}\t\w/);
  }
  process.stdout.write(
    `package: its first runs took ${((performance.now() - startedAt) / 1000).toFixed(1)} s\n`,
  );

  expect(listFiles(installed)).toEqual(before);
  expect(listFiles(elsewhere)).toEqual([]);
  expect(listFiles(temporary)).toEqual([]);
  const written = listFiles(home);
  expect(written.some((file) => file.includes('models'))).toBe(true);
  // onnxruntime's telemetry would leave a device id and an event store in .cache/Microsoft, and logs in TMPDIR.
  expect(written.filter((file) => !file.includes('pali'))).toEqual([]);
});
