// Joins the program into a few files below dist/bundle/, which bin/pali.js runs and the package holds: Node takes longer
// to open hundreds of modules than to run them. Nothing is minified, and packages but a few (JOINED) stay outside, in
// node_modules. A file imports packages before it evaluates any module of ours, so what has to happen before a package is loaded (a
// variable that it reads) needs `await import` or `require` of the package.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { dirname, isAbsolute, join as joinPath, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = resolve(root, 'dist/bundle');

/** Programs of other processes and threads, each one file: base/package-folder's builtFile finds them by these names. */
const programs = {
  'engine-child': 'src/engine/child/engine-child.ts',
  'watch-parent-thread': 'src/engine/child/watch-parent-thread.ts',
  'tokenizer-thread': 'src/tokens/tokenizer-thread.ts',
  'svg-child': 'src/image/decode/svg-child.ts',
  'measure-child': 'src/diagnostics/measure-child.ts',
};

/** The scripts of pages in the browser, each one file, which render/report puts into the page. */
const pages = {
  'pages/ask': 'page/ask/ask-page.ts',
  'pages/review': 'page/review/review-page.ts',
};

/** What starts in the command's own process, by its place in dist/bundle/: each command by itself. */
const entries = {
  main: 'src/cli/main.ts',
  pali: 'src/library/pali.ts',
  ...Object.fromEntries(
    readdirSync(resolve(root, 'commands')).map((file) => [
      `commands/${file.replace(/\.ts$/, '')}`,
      `commands/${file}`,
    ]),
  ),
};

/**
 * Files that are loaded together, with all that they import and that no chunk before has: without these, each set of
 * files that two commands share would be a file of its own. A chunk holds nothing that loads a heavy package for a
 * command that does not need it, so what is imported when it is needed (`await import`) is named here by itself.
 */
const chunks = {
  main: ['src/cli/main.ts'],
  commands: Object.values(entries).filter((file) => file.startsWith('commands/')),
  'command-line': ['src/cli/build-program.ts'],
  settings: ['src/cli/results/read-keep-alive-setting.ts'],
  models: ['src/cli/models/format-models.ts', 'src/models/resolve-model.ts'],
  answers: [
    'src/cli/inputs/read-inputs.ts',
    'src/cli/results/create-result-writer.ts',
    'src/cli/results/open-model.ts',
    'src/cli/results/run-inputs.ts',
    'src/cli/results/skip-existing.ts',
    'src/cli/results/tell-demo.ts',
    'src/render/formats/text.ts',
  ],
  decode: ['src/tasks/inputs/decode-pictures.ts', 'src/tasks/inputs/shrink-pictures.ts'],
};

/**
 * Packages that are joined in. Ink imports 415 modules of es-toolkit for the sake of one function, which took most of
 * the time before the session's first prompt; the others are found and read at every start, or every session's, of most
 * no more than a part is used: without them a caption of the demo takes 0.97 of the time. yoga-layout, one large module,
 * stays outside.
 */
const JOINED = /^(?:ink|react|commander|valibot|munkres|string-width|@huggingface\/tokenizers)(?:$|\/)/;

function isOutside(id, importer) {
  if (/^[.\0]/.test(id) || isAbsolute(id)) return false;
  if (isBuiltin(id) || id === 'yoga-layout') return true;
  return !JOINED.test(id) && !importer?.includes('node_modules');
}

/**
 * Ink's tools for developers stay out (DEV=true): they would need files beside Ink's, and the `await` at the top of the
 * file that loads them would cost a file more for each `await import` of ours.
 */
const withoutDevtools = {
  name: 'without-devtools',
  transform: {
    filter: { id: /[\\/]ink[\\/]build[\\/]reconciler\.js$/ },
    // No line moves, so the source map stays as it is.
    handler: (code) => ({
      code: code.replaceAll('isDev()', 'false').replaceAll(/\bawait (?=import\('\.|load)/g, ''),
      map: null,
    }),
  },
};

const options = {
  cwd: root,
  external: isOutside,
  resolve: { extensionAlias: { '.js': ['.ts', '.tsx'] } },
  // React's other build checks itself at every step.
  transform: { target: 'es2023', define: { 'process.env.NODE_ENV': '"production"' } },
  checks: { ineffectiveDynamicImport: false },
};

/** Join these files, by name. Returns what goes into dist/bundle/: the new files and their source maps. */
async function join(files, { codeSplitting, plugins = [], platform = 'node', sourcemap = true } = {}) {
  const input = Object.fromEntries(Object.entries(files).map(([name, file]) => [name, resolve(root, file)]));
  const build = await rolldown({ ...options, platform, input, plugins: [withoutDevtools, ...plugins] });
  const { output } = await build.generate({
    dir: folder,
    format: 'esm',
    sourcemap,
    entryFileNames: '[name].js',
    chunkFileNames: 'chunks/[name].js',
    codeSplitting,
  });
  await build.close();
  return output;
}

/** The static imports of every file that the entries reach. */
async function readImports() {
  const imports = new Map();
  const plugin = {
    name: 'imports',
    buildEnd() {
      for (const id of this.getModuleIds()) imports.set(id, this.getModuleInfo(id)?.importedIds ?? []);
    },
  };
  await join(entries, { plugins: [plugin] });
  return imports;
}

/** The files and all that they import; commands stay apart, as each is loaded when it is called. */
function withImports(files, imports) {
  const ids = new Set(files.map((file) => resolve(root, file)));
  for (const id of ids) {
    const imported = imports.get(id);
    if (imported === undefined) throw new Error(`${id}, named in bin/bundle.js, is imported by no command.`);
    for (const other of imported) if (imports.has(other)) ids.add(other);
  }
  for (const file of Object.values(entries)) ids.delete(resolve(root, file));
  return ids;
}

async function joinAll() {
  const imports = await readImports();
  const groups = Object.entries(chunks).map(([name, files], index, all) => {
    const ids = withImports(files, imports);
    return { name, test: (id) => ids.has(id), priority: all.length - index };
  });
  const alone = (files, how) =>
    Object.entries(files).map(([name, file]) => join({ [name]: file }, { codeSplitting: false, ...how }));
  const ofPrograms = alone(programs);
  const ofPages = alone(pages, { platform: 'browser', sourcemap: false });
  return (
    await Promise.all([...ofPrograms, ...ofPages, join(entries, { codeSplitting: { groups } })])
  ).flat();
}

/** The licences of the packages that these files hold, as their texts ask for. */
function writeLicences(files) {
  const ids = files.flatMap((file) => (file.type === 'chunk' ? file.moduleIds : []));
  const folders = ids.flatMap((id) => /^.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+/.exec(id) ?? []);
  const texts = [...new Set(folders)].sort().map((place) => {
    const { name, version, license } = JSON.parse(readFileSync(joinPath(place, 'package.json'), 'utf8'));
    const file = readdirSync(place).find((one) => /^licen[cs]e/i.test(one));
    if (file === undefined) throw new Error(`${relative(root, place)} holds no licence.`);
    return `${name} ${version} (${license})\n\n${readFileSync(joinPath(place, file), 'utf8').trim()}\n`;
  });
  return { fileName: 'LICENCES.txt', source: texts.join(`\n${'-'.repeat(80)}\n\n`) };
}

/** Write what is new and remove what is gone: a program that runs meanwhile finds the rest in its place. */
function writeChanged(files) {
  const contents = new Map(files.map((file) => [resolve(folder, file.fileName), file.code ?? file.source]));
  for (const [path, content] of contents) {
    if (existsSync(path) && readFileSync(path, 'utf8') === content) continue;
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
  }
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const path = resolve(entry.parentPath, entry.name);
    if (entry.isFile() && !contents.has(path)) rmSync(path);
  }
  // How set-up.js sees that it is up to date.
  utimesSync(resolve(folder, 'main.js'), new Date(), new Date());
}

const files = await joinAll();
writeChanged([...files, writeLicences(files)]);
