import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fixturePath } from '../../fixtures/index.js';
import { importModel } from '../../src/models/import-model.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { answerCaption } from '../support/reference/answer-caption.js';
import { answeringCases, makeCase } from '../support/reference/checkpoint-cases.js';

/** Where the cases stay, for answer_checkpoint_cases.py. */
const keep = process.env['PALI_CASES_TO'];
const root = temporaryFolder();
const path = fixturePath('checkpointCases', 'expected.json');
const expected = (existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : {}) as Record<
  string,
  { ids: number[]; text: string }
>;

describe('an imported checkpoint answers as in transformers where', () => {
  it.each(answeringCases)('$name', async (each) => {
    const { folder, adapter } = makeCase(each, join(keep ?? root, each.name));
    const model = await importModel(
      {
        sourceFolder: folder,
        adapterFolder: adapter,
        name: 'x',
        dtype: 'fp32',
        store: `${join(root, each.name)}-store`,
      },
      { tryOut: async () => undefined },
    );
    const { ids, text, ends } = await answerCaption(model);
    const wanted = expected[each.name];
    // transformers counts the token that ended the answer, pali does not.
    const hasEnd = wanted !== undefined && ends.includes(wanted.ids.at(-1)!);
    expect(ids).toEqual(hasEnd ? wanted.ids.slice(0, -1) : wanted?.ids);
    expect(wanted?.text.startsWith(text)).toBe(true);
    if (!hasEnd) expect(text).toBe(wanted?.text);
  });

  it('knows an answer for each of them, and for no other', () => {
    expect(Object.keys(expected).sort()).toEqual(answeringCases.map(({ name }) => name).sort());
  });
});
