import { describe, expect, it } from 'vitest';
import { InputError, UsageError } from '../../../src/base/errors.js';
import { checkRequest } from '../../../src/engine/client/check-request.js';
import type { EngineRequest } from '../../../src/engine/engine.js';
import { requestOf } from '../../support/fake-model.js';

const image = requestOf('x').images[0];
const greedy = { temperature: 0, topP: 1, seed: 0 };

describe('checkRequest', () => {
  it('takes an ordinary request', () => {
    expect(() =>
      checkRequest(requestOf('caption en', { sampling: { ...greedy, temperature: 0.7 } })),
    ).not.toThrow();
  });

  it.each<[Partial<EngineRequest>, typeof InputError | typeof UsageError, string]>([
    [{ images: [] }, InputError, 'no picture'],
    [{ images: new Array<typeof image>(65).fill(image) }, InputError, 'at most 64 pictures, not 65'],
    [{ images: [{ side: 4, data: new Uint8Array(5) }] }, InputError, '48 bytes, not 5'],
    [{ maxTokens: 0 }, UsageError, 'max tokens to be a whole number from 1'],
    [{ maxTokens: 1.5 }, UsageError, 'got 1.5'],
    [{ alternatives: 21 }, UsageError, 'from 0 to 20'],
    [{ sampling: { ...greedy, temperature: -1 } }, UsageError, 'temperature'],
    [{ sampling: { ...greedy, temperature: Number.NaN } }, UsageError, 'temperature'],
    [{ sampling: { ...greedy, topP: 0 } }, UsageError, 'top-p'],
    [{ sampling: { ...greedy, topP: 1.1 } }, UsageError, 'top-p'],
    [{ sampling: { ...greedy, seed: 0.5 } }, UsageError, 'seed'],
  ])('refuses %j', (changes, kind, words) => {
    const check = (): void => checkRequest(requestOf('x', changes));
    expect(check).toThrow(kind);
    expect(check).toThrow(words);
  });
});
