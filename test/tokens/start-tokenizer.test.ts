import { expect, it } from 'vitest';
import { loadTokenizer } from '../../src/tokens/load-tokenizer.js';
import { startTokenizer } from '../../src/tokens/start-tokenizer.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { readLines } from '../support/read-lines.js';

const tiny = 'fixtures/reference/checkpoints/pg1-tiny';

it('gives the same tokenizer from a thread', async () => {
  const plain = await loadTokenizer(tiny, [107]);
  const threaded = await startTokenizer(tiny, [107], 0);
  expect(threaded.tokens).toEqual(plain.tokens);
  expect(threaded.vocabSize).toBe(plain.vocabSize);
  for (const { text } of readLines<{ text: string | null }>('reference/tokenizer-golden.jsonl')) {
    const ids = threaded.encode(text ?? '');
    expect(ids).toEqual(plain.encode(text ?? ''));
    expect(threaded.decodePieces(ids)).toEqual(plain.decodePieces(ids));
    expect(threaded.decode(ids, { skipSpecial: true })).toBe(plain.decode(ids, { skipSpecial: true }));
  }
  for (let id = 0; id < plain.vocabSize; id++) expect(threaded.pieceOf(id)).toBe(plain.pieceOf(id));
});

it('says as plainly what is wrong with the files', async () => {
  await expect(startTokenizer(temporaryFolder(), undefined, 0)).rejects.toMatchObject({
    code: 'TOKENIZER_MISSING',
  });
});
