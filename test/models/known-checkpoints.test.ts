import { describe, expect, it } from 'vitest';
import { chooseDtype } from '../../src/cli/settings/choose-dtype.js';
import { listKnownCheckpoints } from '../../src/models/known-checkpoints.js';

describe('the checkpoints that pali pull lists', () => {
  const dtypes = listKnownCheckpoints()[0].forms.map(({ dtype }) => dtype);

  it.each([4e9, 32e9])('show the dtype that a pull makes with %d bytes of memory', (memoryBytes) => {
    expect(dtypes).toContain(chooseDtype('auto', memoryBytes));
  });

  it('are those of one family when it is named, without the one that Google has not made', () => {
    const names = listKnownCheckpoints('paligemma2').map(({ repository }) => repository);
    expect(names.every((name) => name.startsWith('google/paligemma2-'))).toBe(true);
    const all = listKnownCheckpoints().map(({ repository }) => repository);
    expect(all).toContain('google/paligemma-3b-pt-896');
    expect(all).not.toContain('google/paligemma-3b-mix-896');
  });
});
