import { describe, expect, it } from 'vitest';
import { findFirstWord } from '../../src/cli/find-first-word.js';

const options = [
  { flags: '--model <model>', description: '' },
  { flags: '-n, --answers <count>', description: '' },
  { flags: '-q, --quiet', description: '' },
  { flags: '--show [how]', description: '', values: ['auto', 'kitty'] },
  { flags: '--joint [count]', description: '', numberWhenLeftOut: '4' },
];

describe('findFirstWord', () => {
  it.each([
    [[], 0, []],
    [['a.jpg', '--model', 'x'], 0, []],
    [['--model', 'x', 'a.jpg'], 2, ['--model']],
    [['--model=x', 'a.jpg'], 1, ['--model']],
    [['--model', 'detect', 'detect', 'cat', 'a.jpg'], 2, ['--model']],
    [['--model', '-q', 'a.jpg'], 2, ['--model']],
    [['-n', '3', 'a.jpg'], 2, ['-n']],
    [['-n3', 'a.jpg'], 1, ['-n']],
    [['-qn', '3', 'a.jpg'], 2, ['-q', '-n']],
    [['-qn3', 'a.jpg'], 1, ['-q', '-n']],
    [['-q', '-', 'a.jpg'], 1, ['-q']],
    [['--show', 'a.jpg'], 1, ['--show']],
    [['--show', 'kitty', 'a.jpg'], 2, ['--show']],
    [['--joint', '2', 'a.jpg'], 2, ['--joint']],
    [['--joint', 'a.jpg'], 1, ['--joint']],
    [['--', '-a.jpg'], 1, []],
    [['--model', 'x', '--', '-a.jpg'], 3, ['--model']],
    [['--'], 1, []],
    [['--model'], 1, ['--model']],
    [['--unknown', 'a.jpg'], 1, ['--unknown']],
  ])('%j: word %d after %j', (argv, at, flags) => {
    expect(findFirstWord(argv, options)).toEqual({ at, flags });
  });
});
