import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { printablePath } from '../../src/render/printable-path.js';

describe('printablePath', () => {
  it.each([
    ['a b.jpg', 'a b.jpg'],
    ['日本語 é.png', '日本語 é.png'],
    ['two\nlines\t.png', 'two\\nlines\\t.png'],
    ['\u001b[31mred', '\\u001b[31mred'],
    ['c1\u009b2J', 'c1\\u009b2J'],
    ['gpj.\u202egnp', 'gpj.\\u202egnp'],
  ])('%j -> %j', (path, shown) => expect(printablePath(path)).toBe(shown));

  it('never lets a control character through', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (path) => {
        expect(printablePath(path)).not.toMatch(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u);
      }),
    );
  });
});
