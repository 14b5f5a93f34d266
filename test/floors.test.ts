import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';

const leaves = ['base', 'hub', 'weights', 'tokens', 'image', 'video', 'answers', 'metrics'];
const machinery = [...leaves, 'engine', 'render', 'net'];

/** What the rooms that talk to somebody stand on: a terminal, a server, a protocol, a library. */
const services = ['base', 'metrics', 'render', 'net', 'models', 'tasks', 'diagnostics', 'eval'];

/** Which rooms a room may import from, besides itself. Imports go down only; docs/map.md shows the floors. */
const floors: Record<string, readonly string[]> = {
  base: [],
  hub: ['base'],
  weights: ['base'],
  tokens: ['base'],
  image: ['base'],
  video: ['base'],
  answers: ['base'],
  metrics: ['base'],
  engine: ['base', 'tokens', 'image', 'answers'],
  render: ['base', 'image', 'video'],
  net: ['base', 'hub', 'video'],
  models: machinery,
  tasks: [...machinery, 'models'],
  diagnostics: [...machinery, 'models', 'tasks'],
  eval: [...machinery, 'models', 'tasks'],
  'repl/session': services,
  'repl/input': [...services, 'repl/session'],
  'repl/screen': [...services, 'repl/session', 'repl/input'],
  repl: [...services, 'repl/session', 'repl/input', 'repl/screen'],
  cli: services,
  library: services,
  mcp: [...services, 'library'],
  serve: [...services, 'library', 'mcp', 'engine', 'answers'],
  commands: [...services, 'repl', 'cli', 'serve', 'mcp', 'library'],
  page: ['base', 'render'],
  bin: ['cli'],
};

/** Packages that only these rooms may import. */
const owners: Record<string, string> = {
  'fluent-ffmpeg': 'video',
  munkres: 'answers',
  sharp: 'image',
  '@huggingface/hub': 'hub',
  'onnxruntime-node': 'engine',
  bullmq: 'engine',
  ioredis: 'engine',
  pg: 'engine',
  commander: 'cli',
  conf: 'cli',
  ink: 'repl',
  react: 'repl',
  hono: 'serve',
  '@hono/node-server': 'serve',
  '@modelcontextprotocol/server': 'mcp',
};

/** Folders of one room that must not know each other, and why. */
const walls = [
  {
    folder: 'src/engine/client',
    closed: ['src/engine/child', 'src/engine/model'],
    remedy: 'the model runs in another process, so put what both need into src/engine/messages.ts',
  },
];

/** So that a folder can be read at a glance; commands/ has one file for each command, whatever their number. */
const MAX_FILES = 28;

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
    const path = relative('.', join(dirname(file), target));
    const other = roomOf(path);
    if (other === room) return findWalls(file, path);
    if (floors[room]?.includes(other)) return [];
    return [
      `${file} imports ${target}, but ${room} may not know ${other}: ` +
        'move what it needs to a room below both, or take it as an argument.',
    ];
  }
  const owner = owners[/^(@[^/]+\/)?[^/]+/.exec(target)![0]];
  if (owner === undefined || owner === room.split('/')[0]) return [];
  return [`${file} imports ${target}, which is for ${owner} alone: call a function of ${owner} instead.`];
}

function findWalls(file: string, path: string): string[] {
  const isIn = (inner: string, folder: string): boolean => inner.startsWith(join(folder, '/'));
  return walls
    .filter(({ folder, closed }) => isIn(file, folder) && closed.some((one) => isIn(path, one)))
    .map(({ folder, remedy }) => `${file} imports ${path}, which ${folder} may not know: ${remedy}.`);
}

function findFullFolders(files: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const folder of files.map(dirname)) counts.set(folder, (counts.get(folder) ?? 0) + 1);
  return [...counts]
    .filter(([folder, count]) => folder !== 'commands' && count > MAX_FILES)
    .map(
      ([folder, count]) =>
        `${folder} holds ${count} files, more than ${MAX_FILES}: give the files that belong together a folder of their own.`,
    );
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
  const files = ['src', 'commands', 'page', 'bin'].flatMap((folder) =>
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

  it('lets no folder of sources grow beyond what can be read at a glance', () => {
    expect(findFullFolders(files)).toEqual([]);
  });

  it('lets no files import each other in a circle, types included', () => {
    const known = new Set(files);
    const neighbours = new Map(files.map((file) => [file, readNeighbours(file, known)]));
    expect([...neighbours.values()].flat().length).toBeGreaterThan(1000);
    const circles = findCircles(neighbours).map(
      (circle) => `${circle.join(' imports ')}: move what they share to a file below them.`,
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

  it('sees an import that goes up, a package outside its room, and a way through a wall', () => {
    const faults = [
      { file: 'src/base/a.ts', room: 'base', target: '../tasks/b.js' },
      { file: 'src/cli/a.ts', room: 'cli', target: 'sharp' },
      { file: 'src/cli/a.ts', room: 'cli', target: 'hono/cors' },
      { file: 'src/mcp/a.ts', room: 'mcp', target: '../serve/b.js' },
      { file: 'src/mcp/a.ts', room: 'mcp', target: '@hono/node-server/serve-static' },
      { file: 'src/repl/input/a.ts', room: 'repl/input', target: '../screen/b.js' },
      { file: 'src/engine/client/a.ts', room: 'engine', target: '../child/b.js' },
    ];
    for (const fault of faults) expect(findFaults(fault)).toHaveLength(1);
    const allowed = { file: 'src/engine/client/a.ts', room: 'engine', target: '../messages.js' };
    expect(findFaults(allowed)).toEqual([]);
  });

  it('sees a folder that is too full, but takes any number of commands', () => {
    const fill = (folder: string, count: number): string[] =>
      Array.from({ length: count }, (_, index) => join(folder, `${index}.ts`));
    expect(findFullFolders([...fill('src/hub', 28), ...fill('commands', 40)])).toEqual([]);
    expect(findFullFolders(fill('src/hub', 29))).toHaveLength(1);
  });
});
