import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { InputError } from '../../../src/base/errors.js';
import { splitPattern, toInputs } from '../../../src/tasks/inputs/expand-name.js';
import type { InputOptions } from '../../../src/cli/options/input-options.js';
import { joinInputs, readInputs, type Inputs } from '../../../src/cli/inputs/read-inputs.js';
import { readList } from '../../../src/cli/inputs/read-list.js';
import { readStdin } from '../../../src/cli/inputs/read-stdin.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const folder = temporaryFolder();
const open = new AbortController().signal;

function put(...paths: readonly string[]): void {
  for (const path of paths) {
    mkdirSync(join(folder, path, '..'), { recursive: true });
    writeFileSync(join(folder, path), path);
  }
}
put('b.PNG', 'a.jpg', 'a[1].jpg', 'note.txt', '.hidden.jpg', 'deep/c.webp', 'deep/er/d.tif', '.git/e.png');
put('empty/readme.md', 'list.txt');
symlinkSync(join(folder, 'a.jpg'), join(folder, 'deep', 'link.jpg'));
symlinkSync(folder, join(folder, 'deep', 'ring'));

const options: InputOptions = {
  names: [],
  filesFrom: undefined,
  isNulSeparated: false,
  isRecursive: false,
  allowsPrivateUrls: false,
};

async function list(names: readonly string[], more: Partial<InputOptions> = {}): Promise<string[]> {
  return listNames(await readInputs({ ...options, ...more, names: names.map((name) => at(name)) }, open));
}

async function listNames({ inputs }: Inputs): Promise<string[]> {
  const found = [];
  for await (const { name } of inputs) found.push(name.replace(`${folder}/`, ''));
  return found;
}

function at(name: string): string {
  return /^(-|https?:)/.test(name) ? name : join(folder, name);
}

async function failureOf(name: string, more: Partial<InputOptions> = {}): Promise<unknown> {
  const { inputs } = await readInputs({ ...options, ...more, names: [at(name)] }, open);
  for await (const { pictures } of inputs) {
    const [picture] = pictures;
    if (typeof picture === 'function') return picture(open).catch((error: unknown) => error);
  }
  return undefined;
}

describe('readInputs', () => {
  it.each([
    [
      ['b.PNG', 'gone.jpg', 'a.jpg'],
      ['b.PNG', 'gone.jpg', 'a.jpg'],
    ],
    [['*.jpg'], ['a.jpg', 'a[1].jpg']],
    [['a[1].jpg'], ['a[1].jpg']],
    [['deep/*.jpg'], ['deep/link.jpg']],
    [['*.{PNG,txt}'], ['b.PNG', 'list.txt', 'note.txt']],
    [['deep/**/*.{webp,tif}'], ['deep/c.webp', 'deep/er/d.tif']],
    [['nothing*.png'], ['nothing*.png']],
    [['.'], ['a.jpg', 'a[1].jpg', 'b.PNG']],
    [['deep'], ['deep/c.webp', 'deep/link.jpg']],
    [['https://example.org/*.png'], ['https://example.org/*.png']],
  ])('%j gives %j', async (names, found) => expect(await list(names)).toEqual(found));

  it('goes into folders when asked, but round no ring of links and into nothing hidden', async () => {
    expect(await list(['.'], { isRecursive: true })).toEqual([
      'a.jpg',
      'a[1].jpg',
      'b.PNG',
      'deep/c.webp',
      'deep/er/d.tif',
      'deep/link.jpg',
    ]);
  });

  it('takes videos from folders, and tells transport streams from programs', async () => {
    const films = temporaryFolder();
    for (const name of ['a.MP4', 'b.webm', 'program.ts', 'sound.mp3']) writeFileSync(join(films, name), 'x');
    const packets = Buffer.alloc(188 * 5);
    for (let i = 0; i < 5; i++) packets[i * 188] = 0x47;
    writeFileSync(join(films, 'c.ts'), packets);
    const { inputs } = await readInputs({ ...options, names: [films] }, open);
    const names = [];
    for await (const { name } of inputs) names.push(basename(name));
    expect(names).toEqual(['a.MP4', 'b.webm', 'c.ts']);
  });

  it('knows how many there are, and whether there can be several', async () => {
    const read = async (names: readonly string[]): Promise<[number | undefined, boolean]> => {
      const { total, isSingle } = await readInputs({ ...options, names: names.map(at) }, open);
      return [total, isSingle];
    };
    expect(await read(['a.jpg'])).toEqual([1, true]);
    expect(await read(['a.jpg', 'b.PNG'])).toEqual([2, false]);
    expect(await read(['*.PNG'])).toEqual([1, false]);
    expect(await read(['deep/er'])).toEqual([1, false]);
  });

  it('tells in its turn what matches nothing or holds nothing', async () => {
    expect(await failureOf('nothing*.png')).toMatchObject({ code: 'PATTERN_NO_MATCH', exitCode: 3 });
    expect(await failureOf('empty')).toMatchObject({
      code: 'FOLDER_EMPTY',
      hint: expect.stringContaining('--recursive') as string,
    });
  });

  it('says in a sentence that a folder cannot be read, and goes on with the others', async () => {
    const entries = [{ folder: 'photos/closed', cause: Object.assign(new Error('x'), { code: 'EACCES' }) }];
    const inputs = await toInputs(
      'photos',
      () => new InputError('X', 'x'),
      async () => ['a.jpg', ...entries],
    );
    expect(inputs.map(({ name }) => name)).toEqual(['a.jpg', 'photos/closed']);
    await expect((inputs[1].pictures[0] as () => Promise<unknown>)()).rejects.toMatchObject({
      code: 'FOLDER_UNREADABLE',
      message: 'The folder photos/closed cannot be read: you have no permission.',
    });
  });

  it('does not fetch from this machine', async () => {
    expect(await failureOf('http://127.0.0.1:1/a.png')).toMatchObject({ code: 'URL_PRIVATE' });
    expect(await failureOf('http://127.0.0.1:1/a.png', { allowsPrivateUrls: true })).toMatchObject({
      code: 'URL_FAILED',
    });
  });

  it('appends a list, in which only addresses are special', async () => {
    writeFileSync(join(folder, 'list.txt'), '*.jpg\r\n\n-\nhttps://example.org/a.png\nlast one.png');
    const read = await readInputs(
      { ...options, names: [at('a.jpg')], filesFrom: join(folder, 'list.txt') },
      open,
    );
    expect(read.total).toBeUndefined();
    expect(await listNames(read)).toEqual([
      'a.jpg',
      '*.jpg',
      '-',
      'https://example.org/a.png',
      'last one.png',
    ]);
  });

  it('tells of an empty list', async () => {
    const told: string[] = [];
    for (const text of ['', '\n\r\n', 'a.jpg']) {
      const filesFrom = join(folder, 'list.txt');
      writeFileSync(filesFrom, text);
      await listNames(
        await readInputs({ ...options, filesFrom }, open, { onEmptyList: (list) => void told.push(list) }),
      );
    }
    expect(told).toEqual([join(folder, 'list.txt'), join(folder, 'list.txt')]);
  });

  it('puts several pictures into one input', async () => {
    const inputs = joinInputs(['a.jpg', 'b.jpg'], options);
    for await (const input of inputs.inputs) {
      expect(input).toEqual({ name: 'a.jpg, b.jpg', pictures: ['a.jpg', 'b.jpg'] });
    }
  });
});

async function collect(stream: Readable, isNulSeparated: boolean): Promise<string[]> {
  const paths = [];
  for await (const path of readList('-', isNulSeparated, open, stream)) paths.push(path);
  return paths;
}

describe('a folder in a list', () => {
  it('is refused with what to do instead', async () => {
    const filesFrom = join(folder, 'folders.txt');
    writeFileSync(filesFrom, `${folder}\n`);
    const { inputs } = await readInputs({ ...options, filesFrom }, open);
    const sources = [];
    for await (const { pictures } of inputs) sources.push(...pictures);
    const [picture] = sources;
    const failing = typeof picture === 'function' ? picture(open) : Promise.resolve();
    await expect(failing).rejects.toMatchObject({
      code: 'IMAGE_IS_FOLDER',
      hint: expect.stringContaining('pali caption FOLDER') as string,
    });
  });
});

describe('readList', () => {
  it('puts paths together whatever pieces they come in', async () => {
    const bytes = Buffer.from('é a.png\0new\nline.png\0');
    for (const size of [1, 2, 3, 100]) {
      const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) =>
        bytes.subarray(i * size, (i + 1) * size),
      );
      expect(await collect(Readable.from(pieces), true)).toEqual(['é a.png', 'new\nline.png']);
    }
  });

  it('gives a path before the next one comes', async () => {
    const stream = new Readable({ read: () => undefined });
    stream.push('first.png\n');
    const paths = readList('-', false, open, stream);
    expect((await paths.next()).value).toBe('first.png');
  });

  it.each([
    ['a\0b\n', false],
    ['x'.repeat(20_000), false],
    [`${'x'.repeat(20_000)}\0`, true],
  ])('takes no picture or other bytes for a list (%#)', async (text, isNulSeparated) => {
    await expect(collect(Readable.from([text]), isNulSeparated)).rejects.toMatchObject({
      code: 'LIST_UNREADABLE',
    });
  });

  it('says that a list is not there', async () => {
    const paths = readList(join(folder, 'no-list'), false, open);
    await expect(paths.next()).rejects.toMatchObject({ code: 'LIST_UNREADABLE', exitCode: 3 });
  });

  it('ends when it is told to, though nothing comes', async () => {
    const controller = new AbortController();
    const stream = new Readable({ read: () => undefined });
    const next = readList('-', false, controller.signal, stream).next();
    controller.abort();
    await expect(next).rejects.toThrow();
    expect(stream.destroyed).toBe(true);
  });
});

describe('readStdin', () => {
  it('takes everything up to its limit, and not nothing', async () => {
    const read = (...chunks: string[]): Promise<Uint8Array> =>
      readStdin(open, Readable.from(chunks.map((chunk) => Buffer.from(chunk))), { maxBytes: 4 });
    expect(Buffer.from(await read('ab', 'cd')).toString()).toBe('abcd');
    await expect(read('ab', 'cd', 'e')).rejects.toMatchObject({ code: 'IMAGE_TOO_LARGE' });
    await expect(read()).rejects.toMatchObject({ code: 'IMAGE_EMPTY' });
  });
});

describe('patterns from a root', () => {
  it.each([
    ['D:/pics/*.jpg', 'D:/pics/', '*.jpg'],
    ['//server/share/a b/**/*.png', '//server/share/a b/', '**/*.png'],
    ['/data/2024-*/x.jpg', '/data/', '2024-*/x.jpg'],
    ['/*.jpg', '/', '*.jpg'],
    ['/data/{a,b}.jpg', '/data/', '{a,b}.jpg'],
    ['pics/*.jpg', undefined, 'pics/*.jpg'],
  ])('%s is looked for in its folder', (pattern, place, rest) => {
    expect(splitPattern(pattern)).toEqual({ folder: place, rest });
  });

  it('give whole paths', async () => {
    expect(await list(['deep/*.webp'])).toEqual(['deep/c.webp']);
  });
});

describe('lists that PowerShell writes', () => {
  const read = async (bytes: Buffer): Promise<string[]> => {
    const paths = [];
    for await (const path of readList('-', false, open, Readable.from([bytes]))) paths.push(path);
    return paths;
  };

  it('keep their first path behind a byte order mark', async () => {
    expect(await read(Buffer.from('\ufeffa.jpg\r\nb.jpg\r\n'))).toEqual(['a.jpg', 'b.jpg']);
  });

  it.each([
    ['with a mark', Buffer.from('\ufeffa.jpg\r\n', 'utf16le')],
    ['without one', Buffer.from('a.jpg\r\n', 'utf16le')],
  ])('are named in UTF-16 %s', async (_, bytes) => {
    await expect(read(bytes)).rejects.toMatchObject({
      message: 'standard input is text in UTF-16.',
      hint: 'Write it as UTF-8; in PowerShell: ... | Out-File -Encoding utf8 list.txt',
    });
  });
});
