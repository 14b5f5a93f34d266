import { describe, expect, it } from 'vitest';
import { UsageError } from '../../src/base/errors.js';
import { buildTaskPrompt, type PromptKind, type PromptParts } from '../../src/tokens/task-prompt.js';

describe('buildTaskPrompt', () => {
  it.each<[PromptKind, PromptParts, string]>([
    ['cap', {}, 'cap en'],
    ['caption', {}, 'caption en'],
    ['caption', { language: 'es' }, 'caption es'],
    ['caption', { language: 'FR' }, 'caption fr'],
    ['describe', { language: undefined }, 'describe en'],
    ['ocr', {}, 'ocr'],
    ['answer', { text: ' how many dogs? ' }, 'answer en how many dogs?'],
    ['answer', { text: 'wie viele?', language: 'de' }, 'answer de wie viele?'],
    ['question', { text: '2' }, 'question en 2'],
    ['detect', { text: 'cat' }, 'detect cat'],
    ['detect', { text: 'cat;red car' }, 'detect cat ; red car'],
    ['detect', { text: ' cat ;red car; dog ' }, 'detect cat ; red car ; dog'],
    ['segment', { text: "man's hat, old;dog" }, "segment man's hat, old ; dog"],
  ])('%s %j gives %j', (kind, parts, prompt) => {
    expect(buildTaskPrompt(kind, parts)).toBe(prompt);
  });

  it('writes a region with y first, in 1023 steps', () => {
    const region = { x0: 50, y0: 0, x1: 200, y1: 75 };
    const prompt = buildTaskPrompt('caption', {
      region,
      picture: { width: 200, height: 100 },
      language: 'es',
    });
    // 50 / 200 * 1023 = 255.75, 75 / 100 * 1023 = 767.25
    expect(prompt).toBe('caption <loc0000><loc0256><loc0767><loc1023>');
  });

  it('says that a region needs a picture', () => {
    expect(() => buildTaskPrompt('caption', { region: { x0: 0, y0: 0, x1: 1, y1: 1 } })).toThrow('size');
  });

  it.each<[PromptKind, PromptParts, string]>([
    ['answer', {}, 'The question is empty.'],
    ['answer', { text: '  ' }, 'The question is empty.'],
    ['question', { text: '' }, 'The answer is empty.'],
    ['detect', {}, 'There is nothing to look for.'],
    ['segment', { text: ' ; ' }, 'There is nothing to look for.'],
    ['detect', { text: 'cat ; ; dog' }, 'There is an empty name in the list of things to look for.'],
    ['detect', { text: 'cat;' }, 'There is an empty name in the list of things to look for.'],
    ['caption', { language: 'xx' }, 'PaliGemma knows no language "xx".'],
  ])('refuses %s %j', (kind, parts, message) => {
    const build = (): string => buildTaskPrompt(kind, parts);
    expect(build).toThrow(UsageError);
    expect(build).toThrow(message);
  });
});
