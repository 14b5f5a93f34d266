import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fixturePath } from '../../../fixtures/index.js';
import { readGeneration } from '../../../src/weights/checkpoint/read-generation.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const root = temporaryFolder();
let count = 0;

function folderWith(files: Readonly<Record<string, unknown>>): string {
  const folder = join(root, `folder-${count++}`);
  mkdirSync(folder);
  for (const [name, value] of Object.entries(files)) {
    writeFileSync(join(folder, `${name}.json`), typeof value === 'string' ? value : JSON.stringify(value));
  }
  return folder;
}

describe('readGeneration', () => {
  it('reads what transformers wrote', async () => {
    expect(await readGeneration(fixturePath('checkpoints', 'pg1-tiny'))).toEqual({
      endIds: [1],
      leftOut: [],
    });
  });

  it.each([
    ['a list', { generation_config: { eos_token_id: [1, 107, 1] }, config: { eos_token_id: 1 } }, [1, 107]],
    ['one id', { generation_config: { eos_token_id: 107 }, config: { eos_token_id: 1 } }, [107]],
    [
      'config.json when the other says nothing',
      { generation_config: {}, config: { eos_token_id: [2] } },
      [2],
    ],
    ['null as nothing', { generation_config: { eos_token_id: null }, config: { eos_token_id: 3 } }, [3]],
    ['text_config', { config: { text_config: { eos_token_id: [4, 5] } } }, [4, 5]],
    ['nothing at all', { config: {} }, []],
  ])('reads %s', async (_, files, expected) => {
    expect((await readGeneration(folderWith(files))).endIds).toEqual(expected);
  });

  it.each([
    ['a word', { generation_config: { eos_token_id: '<eos>' }, config: {} }],
    ['a fraction', { config: { eos_token_id: 1.5 } }],
    ['a negative id', { config: { eos_token_id: [1, -1] } }],
    ['a thousand ids', { config: { eos_token_id: Array.from({ length: 1000 }, (_, i) => i) } }],
    ['a file that is not JSON', { generation_config: '{', config: {} }],
    ['a file that is a list', { generation_config: [], config: {} }],
  ])('refuses %s', async (_, files) => {
    await expect(readGeneration(folderWith(files))).rejects.toMatchObject({ code: 'CHECKPOINT_UNFIT' });
  });
});
