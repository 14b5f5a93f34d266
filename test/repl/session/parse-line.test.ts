import fc from 'fast-check';
import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { emptyEditor, setText } from '../../../src/repl/input/editor.js';
import { parseLine, readPaths } from '../../../src/repl/session/parse-line.js';
import {
  refuseShellLine,
  shellCommands,
  wordCommands,
} from '../../../src/repl/session/prompts/refuse-shell-line.js';
import { taskWords } from '../../../src/tasks/prompts/parse-task-line.js';
import { quotePath, splitWords } from '../../../src/repl/session/split-words.js';
import { toReferences } from '../../../src/repl/input/to-references.js';

describe('parseLine', () => {
  it.each([
    ['  ', { type: 'empty' }],
    ['/open a b', { type: 'command', name: 'open', argument: 'a b' }],
    ['exit', { type: 'command', name: 'quit', argument: '' }],
    ['Bye', { type: 'command', name: 'quit', argument: '' }],
    ['/exit', { type: 'command', name: 'quit', argument: '' }],
    ['?', { type: 'command', name: 'help', argument: '' }],
    ['quit smoking?', { type: 'prompt', text: 'quit smoking?', paths: [] }],
    ['/HELP', { type: 'command', name: 'help', argument: '' }],
    ['/home/me/a.png', { type: 'prompt', text: '/home/me/a.png', paths: [] }],
    ['detect cat @a.png', { type: 'prompt', text: 'detect cat', paths: ['a.png'] }],
    ['@"my cat.png" detect cat', { type: 'prompt', text: 'detect cat', paths: ['my cat.png'] }],
    ['@my\\ cat.png', { type: 'prompt', text: '', paths: ['my cat.png'] }],
    ['compare @a.png @b.png now', { type: 'prompt', text: 'compare now', paths: ['a.png', 'b.png'] }],
    ['mail me@home.org', { type: 'prompt', text: 'mail me@home.org', paths: [] }],
    ['what is \\@ here', { type: 'prompt', text: 'what is @ here', paths: [] }],
    ['what is @ here', { type: 'prompt', text: 'what is @ here', paths: [] }],
    ["what's this?", { type: 'prompt', text: "what's this?", paths: [] }],
    ['two\nlines', { type: 'prompt', text: 'two lines', paths: [] }],
  ])('%j', (line, expected) => {
    expect(parseLine(line)).toEqual(expected);
  });

  it('reads every path back that it quotes', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), (path) => {
        const [word] = splitWords(`@${quotePath(path)}`, false);
        expect(word).toMatchObject({ value: path, isReference: true, isOpen: false });
      }),
    );
  });

  it('takes any line', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (line) => void parseLine(line)));
  });
});

describe('lines for a shell', () => {
  it.each([
    ['import nope', 'pali import nope'],
    ['pali caption a.png', 'pali caption a.png'],
    ['models', 'pali models'],
    ['quit now please', 'Did you mean /quit?'],
    ['n', '/help'],
  ])('%j says what to type instead', (line, hint) => {
    expect(() => refuseShellLine(line)).toThrow(
      expect.objectContaining({ hint: expect.stringContaining(hint) as string }) as Error,
    );
  });

  it.each(['quit smoking?', 'stop sign', 'show me the cat', 'models in the window?', 'how many', '猫'])(
    '%j is a prompt',
    (line) => {
      expect(() => refuseShellLine(line)).not.toThrow();
    },
  );

  it('has every command', () => {
    const commands = readdirSync('commands').map((name) => name.replace(/\.ts$/, ''));
    const tasks = taskWords.map(({ word }) => word);
    const known = new Set([...shellCommands, ...wordCommands, ...tasks, 'help']);
    expect(commands.filter((name) => !known.has(name))).toEqual([]);
  });
});

describe('dropped files', () => {
  it.each([
    ['/home/me/a.png', ['/home/me/a.png']],
    ["'/home/me/my cat.png' /x/b.jpg", ['/home/me/my cat.png', '/x/b.jpg']],
    ['/home/me/my\\ cat.png', ['/home/me/my cat.png']],
    ["'/it'\\''s a (cat) 1.png' /x/b.jpg", ["/it's a (cat) 1.png", '/x/b.jpg']],
    ['"/it\'s.png"', ["/it's.png"]],
    ['how many cats?', undefined],
    ['detect cat', undefined],
    ['"open', undefined],
  ])('%j as paths', (line, expected) => {
    expect(readPaths(line)).toEqual(expected);
  });

  it('become references, except after /open, inside a word, and when they are no pictures', () => {
    const refer = (text: string, before = ''): string | undefined =>
      toReferences(text, setText(emptyEditor, before));
    expect(refer("'/a b/c.png'")).toBe('@"/a b/c.png" ');
    expect(refer('/a/c.png', 'detect cat ')).toBe('@/a/c.png ');
    expect(refer('/a/c.png', '/open ')).toBe('/a/c.png ');
    expect(refer('/a/c.png', '@')).toBeUndefined();
    expect(refer('/etc/passwd')).toBeUndefined();
    expect(refer('a plain text')).toBeUndefined();
  });
});
