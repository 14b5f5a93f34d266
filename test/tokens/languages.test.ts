import { describe, expect, it } from 'vitest';
import { UsageError } from '../../src/base/errors.js';
import { checkLanguage, languages } from '../../src/tokens/languages.js';

/** The hint of the error that this code gives. */
function hintFor(code: string): string | undefined {
  try {
    checkLanguage(code);
  } catch (error) {
    if (error instanceof UsageError) return error.hint;
  }
  throw new Error(`${code} was taken`);
}

describe('languages', () => {
  it('are the 35 of COCO-35L, in order', () => {
    const codes =
      'ar bn cs da de el en es fa fi fil fr he hi hr hu id it ja ko mi nl no pl pt ro ru sv sw te th tr uk vi zh';
    expect(languages.map(({ code }) => code).join(' ')).toBe(codes);
    expect(new Set(languages.map(({ english }) => english)).size).toBe(35);
  });

  it('are found by code, in any case', () => {
    for (const language of languages) expect(checkLanguage(language.code)).toBe(language);
    expect(checkLanguage(' ZH ').english).toBe('Chinese');
  });

  it.each([
    ['spanish', 'es (Spanish)'],
    ['Deutsch', 'de (German)'],
    ['franch', 'fr (French)'],
    ['español', 'es (Spanish)'],
    ['日本語', 'ja (Japanese)'],
    ['en-US', 'en (English)'],
    ['pt_BR', 'pt (Portuguese)'],
    ['fill', 'fil (Filipino)'],
    ['enn', 'en (English)'],
  ])('%s is probably %s', (code, meant) => {
    expect(hintFor(code)).toBe(`Did you mean ${meant}?`);
  });

  it.each(['', 'klingon', 'qqqq', 'x'.repeat(100_000)])('lists the codes for %.12s', (code) => {
    expect(hintFor(code)).toMatch(/^Languages: ar bn .* zh\.$/);
  });

  it('shows an unknown code without its control characters', () => {
    expect(() => checkLanguage('e\u001b[31mx\u009bm')).toThrow('language "ex".');
  });
});
