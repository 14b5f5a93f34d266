import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { quoteForShell } from '../../src/models/quote-for-shell.js';

describe('quoteForShell', () => {
  it.each(['photo.jpg', '--show=auto', '../a/b-c_1.png', 'https://example.org/a.png'])(
    'leaves %s as it is',
    (word) => expect(quoteForShell(word, 'linux')).toBe(word),
  );

  it.each(['', 'cow ; tractor', "it's", '$HOME', '~', '*.jpg', '#', 'a\nb', "\u001b[2J'\\", 'ü 1', '\u202e'])(
    'writes %j so that bash reads it',
    (word) => {
      const quoted = quoteForShell(word, 'linux');
      expect(quoted).not.toMatch(/[\p{Cc}\p{Cf}]/u);
      const env = { ...process.env, LC_ALL: 'C.UTF-8' };
      expect(execFileSync('bash', ['-c', `printf %s ${quoted}`], { encoding: 'utf8', env })).toBe(word);
    },
  );

  it('uses double quotes on Windows', () => {
    expect(quoteForShell('cow ; tractor', 'win32')).toBe('"cow ; tractor"');
  });
});
