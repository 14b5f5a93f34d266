import { describe, expect, it } from 'vitest';
import { missingWords } from '../../../src/cli/options/missing-words.js';
import { fixturePath } from '../../../fixtures/index.js';

const farm = fixturePath('gallery', 'farm.png');

describe('missingWords', () => {
  it.each([
    ['answer', 'pali answer "what is there?"', 'the question goes'],
    ['question', 'pali question "two"', 'the answer goes'],
    ['detect', 'pali detect "dog ; cat"', 'the things to find go'],
    ['segment', 'pali segment "dog ; cat"', 'the things to find go'],
    ['ask', 'pali ask "caption de"', 'the prompt goes'],
  ] as const)('says what is missing of: pali %s PICTURE', (task, form, place) => {
    const error = missingWords(task, farm, []);
    expect(error).toMatchObject({
      exitCode: 2,
      message: `${farm} stands where ${place}.`,
      hint: `For example: ${form} ${farm}`,
    });
  });

  it('puts words and picture in their order', () => {
    expect(missingWords('answer', farm, ['how many?'])?.hint).toBe(
      `For example: pali answer "how many?" ${farm}`,
    );
    expect(missingWords('detect', 'rtsp://a/b', [])?.message).toMatch(/^rtsp:\/\/a\/b stands/);
  });

  it.each([
    ['cow', ['tractor', farm], `"cow ; tractor" ${farm}`],
    ['cow', ['tractor', 'missing.png'], '"cow ; tractor" missing.png'],
    ['cow', ['tractor', 'X'], '"cow ; tractor ; X" photo.jpg'],
    ['cow', [';', 'tractor'], '"cow ; tractor" photo.jpg'],
  ])('puts things together in quotes: pali detect %s %o', (words, names, line) => {
    expect(missingWords('detect', words, names)?.hint).toBe(`For example: pali detect ${line}`);
  });

  it.each([
    ['answer', 'how many?', []],
    ['answer', 'how many?', [farm]],
    ['detect', farm, [farm]],
    ['detect', farm, ['missing.png']],
    // A folder of this name is here, and the picture's pattern matches nothing.
    ['detect', 'src', ['cat']],
    ['answer', farm, ['how many?', 'how much?']],
    ['caption', farm, []],
  ] as const)('lets be: pali %s %s %o', (task, words, names) => {
    expect(missingWords(task, words, names)).toBeUndefined();
  });
});
