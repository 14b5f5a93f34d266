import { describe, expect, it } from 'vitest';
import { complete } from '../../../src/repl/input/complete.js';
import type { CompletionContext } from '../../../src/repl/input/complete-argument.js';
import { KeyDecoder } from '../../../src/repl/input/decode-keys.js';
import {
  startInput,
  shownText,
  type InputEffect,
  type InputState,
} from '../../../src/repl/input/input-state.js';
import { reduceInput } from '../../../src/repl/input/reduce-input.js';

/** Types at an input line; the last effect is kept. */
function type(
  bytes: string,
  from: InputState = startInput(['one', 'two', 'three two']),
): { input: InputState; effects: InputEffect[] } {
  const decoder = new KeyDecoder();
  let input = from;
  const effects: InputEffect[] = [];
  for (const key of [...decoder.push(bytes), ...decoder.flush()]) {
    const step = reduceInput(input, key);
    input = step.input;
    if (step.effect !== undefined && step.effect.type !== 'complete') effects.push(step.effect);
  }
  return { input, effects };
}

const textOf = (bytes: string): string => shownText(type(bytes).input);

const UP = '\u001b[A';
const DOWN = '\u001b[B';

describe('the input line', () => {
  it('sends a line, and remembers it', () => {
    const { input, effects } = type('hello\r');
    expect(effects).toEqual([{ type: 'submit', line: 'hello' }]);
    expect(input.editor.text).toBe('');
    expect(input.history.lines.at(-1)).toBe('hello');
    expect(type('  \r').effects).toEqual([]);
  });

  it('goes through the history and keeps what was written', () => {
    expect(textOf(UP)).toBe('three two');
    expect(textOf(UP + UP + UP + UP)).toBe('one');
    expect(textOf(`draft${UP}${UP}${DOWN}${DOWN}`)).toBe('draft');
    expect(textOf(`${UP}!${UP}${DOWN}`)).toBe('three two!');
  });

  it('searches with Ctrl-R', () => {
    expect(textOf('\u0012two')).toBe('three two');
    expect(textOf('\u0012two\u0012')).toBe('two');
    expect(textOf('\u0012two\u0012\u0012')).toBe('two');
    expect(textOf('mine\u0012two\u0003')).toBe('mine');
    expect(type('\u0012on\r').effects).toEqual([{ type: 'submit', line: 'one' }]);
    expect(textOf('\u0012on\u001b[Dx')).toBe('onex');
  });

  it('writes several lines with Alt-Enter, Ctrl-J and a backslash', () => {
    expect(textOf('a\u001b\rb\nc\\\rd')).toBe('a\nb\nc\nd');
    expect(type(`a\nb${UP}${UP}`).input.editor.text).toBe('three two');
  });

  it('does not send what is pasted, and leaves its controls out', () => {
    const { input, effects } = type('\u001b[200~a\rb\u001b[31m!\u0007\u001b[201~');
    expect(effects).toEqual([]);
    expect(input.editor.text).toBe('a\nb!');
  });

  it('tells Ctrl-C, Ctrl-D, Ctrl-Z and Escape', () => {
    expect(type('x\u0003').effects).toEqual([{ type: 'interrupt' }]);
    expect(type('\u0004').effects).toEqual([{ type: 'leave' }]);
    expect(type('ab\u001b[D\u0004').input.editor.text).toBe('a');
    expect(type('\u001a').effects).toEqual([{ type: 'suspend' }]);
    expect(type('\u001b').effects).toEqual([{ type: 'stop' }]);
  });
});

const context: CompletionContext = {
  models: async () => ['demo', 'paligemma-3b-mix-448'],
  devices: ['auto', 'cpu'],
  exportFormats: ['json', 'csv'],
  labels: ['cat', 'car', 'dog'],
  openNames: ['farm.png', 'clip.mp4'],
  listFolder: async (folder) =>
    folder === '.'
      ? [
          { name: 'notes.txt', isFolder: false },
          { name: 'my photos', isFolder: true },
          { name: 'cat.png', isFolder: false },
          { name: '.hidden.png', isFolder: false },
          { name: 'evil\u001b[2J.png', isFolder: false },
        ]
      : [{ name: 'a cat.png', isFolder: false }],
};

async function offer(text: string, isExplicit = true): Promise<string[]> {
  const menu = await complete(text, text.length, context, isExplicit);
  return (menu?.items ?? []).map(({ value }) => text.slice(0, menu!.from) + value);
}

describe('completion', () => {
  it.each<[string, string[]]>([
    ['/mo', ['/model ']],
    ['/he', ['/help']],
    ['/model pa', ['/model paligemma-3b-mix-448']],
    ['/set loc-scale ', ['/set loc-scale 1023', '/set loc-scale 1024']],
    ['/export j', ['/export json ']],
    ['det', ['detect ']],
    ['caption esp', ['caption es']],
    ['caption deu', ['caption de']],
    ['answer japan', ['answer ja ']],
    ['detect ca', ['detect cat', 'detect car']],
    ['detect cat ; ', ['detect cat ; car', 'detect cat ; dog']],
    ['ask @', ['ask @cat.png ', 'ask @"my photos/', 'ask @notes.txt ']],
    ['ask @.h', ['ask @.hidden.png ']],
    ['ask @"my photos/', ['ask @"my photos/a cat.png" ']],
    ['/open c', ['/open cat.png ']],
    ['/open ', ['/open 1', '/open 2', '/open cat.png ', '/open "my photos/', '/open notes.txt ']],
    ['how many', []],
  ])('%j', async (text, expected) => {
    expect(await offer(text)).toEqual(expected);
  });

  it('opens by itself after / and @ only', async () => {
    expect(await offer('/', false)).not.toEqual([]);
    expect(await offer('x @', false)).not.toEqual([]);
    expect(await offer('det', false)).toEqual([]);
  });

  it('takes an item with Tab and Enter, sends a whole command with Enter', async () => {
    const open = async (text: string): Promise<InputState> => {
      const { input } = type(text);
      return { ...input, menu: await complete(text, text.length, context, true) };
    };
    expect(type('\t', await open('ask @ca')).input.editor.text).toBe('ask @cat.png ');
    expect(type(`${DOWN}\r`, await open('detect ca')).input.editor.text).toBe('detect car');
    expect(type('\r', await open('/he')).effects).toEqual([{ type: 'submit', line: '/help' }]);
    expect(type('\r', await open('/help')).effects).toEqual([{ type: 'submit', line: '/help' }]);
    expect(type('\u001b', await open('/he')).input.menu).toBeUndefined();
  });

  it('sends a command with Enter until something of its argument is typed or chosen', async () => {
    const open = async (text: string): Promise<InputState> => {
      const { input } = type(text);
      return { ...input, menu: await complete(text, text.length, context, false) };
    };
    const sent = async (text: string, keys = '\r'): Promise<string[]> =>
      type(keys, await open(text)).effects.flatMap((effect) =>
        effect.type === 'submit' ? [effect.line] : [],
      );
    expect(await sent('/video ')).toEqual(['/video ']);
    expect(await sent('/model ')).toEqual(['/model ']);
    expect(await sent('/open ca')).toEqual([]);
    expect(type('\r', await open('/open ca')).input.editor.text).toBe('/open cat.png ');
    expect(type('\t', await open('/video ')).input.editor.text).toBe('/video cat.png ');
    expect(type(`${DOWN}\r`, await open('/video ')).input.editor.text).toBe('/video cat.png ');
    expect(type(`${UP}\r`, await open('/video ')).input.editor.text).toBe('/video notes.txt ');
    // A new file's name may begin like one that is there.
    expect(await sent('/save ca')).toEqual(['/save ca']);
    expect(await sent('/export json ca')).toEqual(['/export json ca']);
    expect(type('\r', await open('/export js')).input.editor.text).toBe('/export json ');
    // What is open goes by its number.
    expect(await sent('/open 2')).toEqual(['/open 2']);
  });
});
