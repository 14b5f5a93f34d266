import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fixturePath } from '../../../fixtures/index.js';
import { openArrivingCheckpoint } from '../../../src/weights/checkpoint/open-arriving-checkpoint.js';
import { openCheckpoint } from '../../../src/weights/checkpoint/open-checkpoint.js';
import { readConfig } from '../../../src/weights/checkpoint/read-config.js';
import { listTensors, type TensorRow } from '../../../src/weights/checkpoint/tensor-table.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const root = temporaryFolder();
const source = fixturePath('checkpoints', 'pg1-bf16-sharded');
const table = listTensors(await readConfig(source));
const INDEX = 'model.safetensors.index.json';
const TABLE = 'language_model.embed_tokens.weight';
const NORM = 'language_model.norm.weight';
let count = 0;

/** The small files alone; shards are brought when they are waited for. */
function emptyFolder(): string {
  const folder = join(root, `arriving-${count++}`);
  mkdirSync(folder);
  for (const name of readdirSync(source)) {
    if (!name.endsWith('.safetensors')) cpSync(join(source, name), join(folder, name));
  }
  return folder;
}

const bring =
  (folder: string, asked: string[] = []) =>
  async (file: string): Promise<void> => {
    asked.push(file);
    cpSync(join(source, file), join(folder, file));
  };

describe('openArrivingCheckpoint', () => {
  it('knows all tensors before any shard is there, and reads the same as one that is whole', async () => {
    const folder = emptyFolder();
    const asked: string[] = [];
    const arriving = await openArrivingCheckpoint(folder, table, bring(folder, asked));
    const whole = await openCheckpoint(source);
    expect(asked).toEqual([]);
    const shapes = ({ tensors }: typeof whole): object =>
      Object.fromEntries([...tensors].map(([name, { shape }]) => [name, shape]));
    expect(shapes(arriving)).toEqual(shapes(whole));
    const tensor = arriving.tensors.get(TABLE)!;
    expect(await tensor.readRows(1, 2)).toEqual(await whole.tensors.get(TABLE)!.readRows(1, 2));
    expect(await tensor.readDtype()).toBe('BF16');
    expect(asked).toEqual(['model-00001-of-00003.safetensors']);
    await Promise.all([arriving.close(), whole.close()]);
  });

  it('throws what waiting throws, to everyone who reads, and can be closed', async () => {
    const arriving = await openArrivingCheckpoint(emptyFolder(), table, async () => {
      throw new Error('the line is cut');
    });
    const tensor = arriving.tensors.get(NORM)!;
    await expect(tensor.readRows(0, 1)).rejects.toThrow('the line is cut');
    await expect(tensor.readRawRows(0, 1)).rejects.toThrow('the line is cut');
    await arriving.close();
  });

  it('holds a shard against the table when it comes', async () => {
    const folder = emptyFolder();
    const other: TensorRow[] = table.map((row) => (row.name === NORM ? { ...row, shape: [7] } : row));
    const arriving = await openArrivingCheckpoint(folder, other, bring(folder));
    await expect(arriving.tensors.get(NORM)!.readRows(0, 7)).rejects.toThrow(/norm.weight has shape \[\d+\]/);
    await arriving.close();
  });

  it('holds a shard against the index when it comes', async () => {
    const folder = emptyFolder();
    const index = JSON.parse(readFileSync(join(folder, INDEX), 'utf8')) as {
      weight_map: Record<string, string>;
    };
    index.weight_map['model.language_model.embed_tokens.weight'] = 'model-00003-of-00003.safetensors';
    writeFileSync(join(folder, INDEX), JSON.stringify(index));
    const arriving = await openArrivingCheckpoint(folder, table, bring(folder));
    await expect(arriving.tensors.get(TABLE)!.readRows(0, 1)).rejects.toThrow('is missing from it');
    await arriving.close();
  });

  it('waits for a checkpoint in one file', async () => {
    const folder = join(root, 'single');
    cpSync(fixturePath('checkpoints', 'pg1-tiny'), folder, { recursive: true });
    rmSync(join(folder, 'model.safetensors'));
    const arriving = await openArrivingCheckpoint(folder, [], async (file) => {
      cpSync(join(fixturePath('checkpoints', 'pg1-tiny'), file), join(folder, file));
    });
    expect(arriving.files).toEqual(['model.safetensors']);
    await arriving.close();
  });
});
