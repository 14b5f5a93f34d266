import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';

/** Which rooms a room may import from, besides itself. Imports go down only; docs/map.md shows the floors. */
const floors: Record<string, readonly string[]> = {
  base: [],
  hub: ['base'],
  weights: ['base'],
  tokens: ['base'],
  image: ['base'],
  video: ['base'],
  answers: ['base'],
  engine: ['base', 'tokens', 'image', 'answers'],
  render: ['base', 'image', 'video'],
  net: ['base', 'hub', 'video'],
  models: ['base', 'hub', 'weights', 'tokens', 'image', 'video', 'answers', 'engine', 'render', 'net'],
  tasks: [
    'base',
    'hub',
    'weights',
    'tokens',
    'image',
    'video',
    'answers',
    'engine',
    'render',
    'net',
    'models',
  ],
  diagnostics: [
    'base',
    'hub',
    'weights',
    'tokens',
    'image',
    'video',
    'answers',
    'engine',
    'render',
    'net',
    'models',
    'tasks',
  ],
  'repl/session': ['base', 'net', 'models', 'tasks', 'diagnostics', 'render'],
  'repl/input': ['base', 'net', 'models', 'tasks', 'diagnostics', 'render', 'repl/session'],
  'repl/screen': ['base', 'net', 'models', 'tasks', 'diagnostics', 'render', 'repl/session', 'repl/input'],
  repl: [
    'base',
    'net',
    'models',
    'tasks',
    'diagnostics',
    'render',
    'repl/session',
    'repl/input',
    'repl/screen',
  ],
  cli: ['base', 'net', 'models', 'tasks', 'diagnostics', 'render'],
  commands: ['base', 'net', 'models', 'tasks', 'diagnostics', 'render', 'repl', 'cli'],
  bin: ['cli'],
};

/** Packages and modules that one room alone may import. */
const owners: Record<string, string> = {
  'fluent-ffmpeg': 'video',
  munkres: 'answers',
  sharp: 'image',
  '@huggingface/hub': 'hub',
  'onnxruntime-node': 'engine',
  commander: 'cli',
  conf: 'cli',
  ink: 'repl',
  react: 'repl',
  'node:http': 'server',
};

interface Import {
  readonly file: string;
  readonly room: string;
  readonly target: string;
}

/** Every static, dynamic and type import of a file; `import(` of a computed address is not one. */
function readImports(file: string): Import[] {
  const text = readFileSync(file, 'utf8').replace(/^\s*(\/?\*|\/\/).*$/gm, '');
  const targets = text.matchAll(/(?:\bfrom|\bimport)\s*\(?\s*'([^']+)'/g);
  return [...targets].map(([, target]) => ({ file, room: roomOf(file), target }));
}

/** The folder of src that a file is in, or the one within it where that has a floor of its own. */
function roomOf(file: string): string {
  const [first, second, third] = file.split(/[\\/]/);
  if (first !== 'src') return first;
  const inner = `${second}/${third}`;
  return inner in floors ? inner : second;
}

function findFaults({ file, room, target }: Import): string[] {
  if (target.startsWith('.')) {
    const other = roomOf(relative('.', join(dirname(file), target)));
    if (other === room || floors[room]?.includes(other)) return [];
    return [`${file} is in ${room} and imports ${target}: ${room} may not know ${other}.`];
  }
  const owner = owners[target.split('/')[0]] ?? owners[target];
  return owner === undefined || owner === room.split('/')[0]
    ? []
    : [`${file} is in ${room} and imports ${target}: only ${owner} may.`];
}

/** The files of our own that a file imports; an import of `.js` is a `.ts` or `.tsx`. */
function readNeighbours(file: string, files: ReadonlySet<string>): string[] {
  return readImports(file)
    .filter(({ target }) => target.startsWith('.'))
    .map(({ target }) => join(dirname(file), target).replace(/\.js$/, ''))
    .flatMap((path) => [`${path}.ts`, `${path}.tsx`].filter((one) => files.has(one)));
}

/** Each circle of imports that is met on the way down, as the files in it, the first again at the end. */
function findCircles(neighbours: ReadonlyMap<string, readonly string[]>): string[][] {
  const circles: string[][] = [];
  const done = new Set<string>();
  const visit = (file: string, way: readonly string[]): void => {
    if (way.includes(file)) circles.push([...way.slice(way.indexOf(file)), file]);
    if (way.includes(file) || done.has(file)) return;
    for (const next of neighbours.get(file) ?? []) visit(next, [...way, file]);
    done.add(file);
  };
  for (const file of neighbours.keys()) visit(file, []);
  return circles;
}

describe('floors', () => {
  const files = ['src', 'commands', 'bin'].flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((file) => /\.(tsx?|js)$/.test(file))
      .map((file) => join(folder, file)),
  );

  it('knows every room', () => {
    expect([...new Set(files.map(roomOf))].filter((room) => !(room in floors))).toEqual([]);
  });

  it('lets imports go down only, and keeps heavy packages in their rooms', () => {
    const imports = files.flatMap(readImports);
    expect(imports.length).toBeGreaterThan(50);
    expect(imports.flatMap(findFaults)).toEqual([]);
  });

  it('lets no files import each other in a circle, types included', () => {
    const known = new Set(files);
    const neighbours = new Map(files.map((file) => [file, readNeighbours(file, known)]));
    expect([...neighbours.values()].flat().length).toBeGreaterThan(1000);
    const circles = findCircles(neighbours).map(
      (circle) => `${circle.join(' imports ')}: what they share belongs in a file below them.`,
    );
    expect(circles).toEqual([]);
  });

  it('sees a circle, and none where two files share a third', () => {
    const neighbours = new Map([
      ['a', ['b', 'c']],
      ['b', ['c', 'd']],
      ['c', ['e']],
      ['d', ['b']],
      ['e', []],
    ]);
    expect(findCircles(neighbours)).toEqual([['b', 'd', 'b']]);
  });

  it('sees an import that goes up, and a package outside its room', () => {
    const faults = [
      { file: 'src/base/a.ts', room: 'base', target: '../tasks/b.js' },
      { file: 'src/cli/a.ts', room: 'cli', target: 'sharp' },
      { file: 'src/repl/input/a.ts', room: 'repl/input', target: '../screen/b.js' },
    ].flatMap(findFaults);
    expect(faults).toHaveLength(3);
  });
});
