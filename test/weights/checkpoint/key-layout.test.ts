import { describe, expect, it } from 'vitest';
import { fixturePath } from '../../../fixtures/index.js';
import { canonicalName } from '../../../src/weights/checkpoint/key-layout.js';
import { listTensors } from '../../../src/weights/checkpoint/tensor-table.js';
import { readConfig } from '../../../src/weights/checkpoint/read-config.js';
import { layoutNames, readKeyLayouts } from '../../support/reference/key-layouts.js';

describe('canonicalName', () => {
  it.each(['pg1-tiny', 'pg2-tiny'] as const)('gives one name for every layout of %s', async (checkpoint) => {
    const rows = readKeyLayouts()[checkpoint];
    expect(rows.length).toBeGreaterThan(60);
    const names = rows.map(({ canonical, ...layouts }) => {
      // The list's own canonical name is transformers', with a leading `model.`.
      const expected = canonical.replace(/^model\./, '');
      expect(Object.keys(layouts)).toEqual(layoutNames);
      for (const name of Object.values(layouts))
        if (name !== null) expect(canonicalName(name)).toBe(expected);
      return expected;
    });
    const table = listTensors(await readConfig(fixturePath('checkpoints', checkpoint)));
    expect(names.sort()).toEqual(table.map(({ name }) => name).sort());
  });

  it('leaves names of no layout alone', () => {
    expect(canonicalName('optimizer.model.step')).toBe('optimizer.model.step');
    expect(canonicalName('language_model.other.weight')).toBe('language_model.other.weight');
  });
});
