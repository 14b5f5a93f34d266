import { cpSync, mkdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fixturePath } from '../../../fixtures/index.js';
import { bfloatToFloat } from '../../../src/base/half-float.js';
import { openCheckpoint } from '../../../src/weights/checkpoint/open-checkpoint.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { largestDifference } from '../../support/reference/largest-difference.js';
import { headerBytes, readSafetensors, writeSafetensors } from '../../support/reference/safetensors.js';

const root = temporaryFolder();
const SECOND = 'model-00002-of-00003.safetensors';
const INDEX = 'model.safetensors.index.json';
let count = 0;

interface IndexFile {
  weight_map: Record<string, string>;
}

/** A copy of the checkpoint in three shards, changed. */
function sharded(change: (folder: string, index: IndexFile) => void): string {
  const folder = join(root, `sharded-${count++}`);
  cpSync(fixturePath('checkpoints', 'pg1-bf16-sharded'), folder, { recursive: true });
  const index = JSON.parse(readFileSync(join(folder, INDEX), 'utf8')) as IndexFile;
  change(folder, index);
  writeFileSync(join(folder, INDEX), JSON.stringify(index));
  return folder;
}

/** A checkpoint of one file with these bytes. */
function single(bytes: Uint8Array): string {
  const folder = join(root, `single-${count++}`);
  mkdirSync(folder);
  writeFileSync(join(folder, 'model.safetensors'), bytes);
  return folder;
}

describe('openCheckpoint', () => {
  it('reads every tensor of three shards, row by row, widened', async () => {
    const checkpoint = await openCheckpoint(fixturePath('checkpoints', 'pg1-bf16-sharded'));
    expect(checkpoint.files).toHaveLength(3);
    const raw = checkpoint.files.flatMap((file) => [
      ...readSafetensors(fixturePath('checkpoints', `pg1-bf16-sharded/${file}`)),
    ]);
    expect(checkpoint.tensors.size).toBe(raw.length);
    for (const [name, { shape, bytes }] of raw) {
      const tensor = [...checkpoint.tensors.values()].find((candidate) => candidate.name === name)!;
      expect(tensor.shape).toEqual(shape);
      const halves = new Uint16Array(Uint8Array.from(bytes).buffer);
      const values = new Float32Array(halves.length);
      bfloatToFloat(halves, values);
      expect(largestDifference(await tensor.readRows(0, shape[0]), values)).toBe(0);
      if (shape[0] < 3) continue;
      const row = values.length / shape[0];
      expect(largestDifference(await tensor.readRows(1, 2), values.slice(row, 3 * row))).toBe(0);
    }
    await checkpoint.close();
  });

  it('reads float16 and float32', async () => {
    const folder = join(root, 'kinds');
    mkdirSync(folder);
    const half = { dtype: 'F16', shape: [2, 1], bytes: Uint8Array.of(0, 0x3c, 0, 0xc0) };
    const whole = { dtype: 'F32', shape: [1], bytes: new Uint8Array(Float32Array.of(0.1).buffer) };
    const tensors = new Map([
      ['half', half],
      ['whole', whole],
    ]);
    writeSafetensors(join(folder, 'model.safetensors'), tensors);
    const checkpoint = await openCheckpoint(folder);
    expect(await checkpoint.tensors.get('half')!.readRows(0, 2)).toEqual(Float32Array.of(1, -2));
    expect(await checkpoint.tensors.get('whole')!.readRows(0, 1)).toEqual(Float32Array.of(0.1));
    await checkpoint.close();
  });

  it.each([
    {
      what: 'a missing shard',
      change: (folder: string) => rmSync(join(folder, SECOND)),
      code: 'CHECKPOINT_INCOMPLETE',
      sentence: `The shard ${SECOND} is missing`,
    },
    {
      what: 'a shard cut in its data',
      change: (folder: string) => truncateSync(join(folder, SECOND), 500_000),
      code: 'CHECKPOINT_DAMAGED',
      sentence: 'but the file ends after 500000',
    },
    {
      what: 'a shard cut in its header',
      change: (folder: string) => truncateSync(join(folder, SECOND), 100),
      code: 'CHECKPOINT_DAMAGED',
      sentence: 'but the file ends after 100',
    },
    {
      what: 'an empty shard',
      change: (folder: string) => truncateSync(join(folder, SECOND), 0),
      code: 'CHECKPOINT_DAMAGED',
      sentence: 'it has 0 bytes, too few for a header',
    },
    ...['../outside.safetensors', '/etc/x.safetensors', 'a/b.safetensors', 'a\\b.safetensors', ''].map(
      (path) => ({
        what: `an index that names the shard ${JSON.stringify(path)}`,
        change: (_: string, { weight_map }: IndexFile) => void (weight_map['model.extra'] = path),
        code: 'CHECKPOINT_DAMAGED',
        sentence: 'it names a shard outside its folder',
      }),
    ),
    {
      what: 'an index that lacks a tensor',
      change: (_: string, { weight_map }: IndexFile) =>
        void delete weight_map['model.language_model.norm.weight'],
      code: 'CHECKPOINT_DAMAGED',
      sentence: 'tensor model.language_model.norm.weight is in it, but model.safetensors.index.json does not',
    },
    {
      what: 'an index with a tensor that is nowhere',
      change: (_: string, { weight_map }: IndexFile) => void (weight_map['ghost\u001b[2J'] = SECOND),
      code: 'CHECKPOINT_DAMAGED',
      sentence: 'tensor ghost?[2J is missing from it',
    },
    {
      what: 'an index whose map is no map',
      change: (_: string, index: IndexFile) => void (index.weight_map = ['x'] as never),
      code: 'CHECKPOINT_DAMAGED',
      sentence: 'it has no weight_map',
    },
    {
      what: 'a folder in place of a shard',
      change: (folder: string) => {
        rmSync(join(folder, SECOND));
        mkdirSync(join(folder, SECOND));
      },
      code: 'CHECKPOINT_INCOMPLETE',
      sentence: SECOND,
    },
  ])('refuses $what', async ({ change, code, sentence }) => {
    const opened = openCheckpoint(sharded(change));
    await expect(opened).rejects.toMatchObject({ code });
    await expect(opened).rejects.toThrow(sentence);
  });

  it('refuses an index that is no JSON', async () => {
    const folder = sharded(() => undefined);
    writeFileSync(join(folder, INDEX), '{');
    await expect(openCheckpoint(folder)).rejects.toThrow('it is not JSON');
  });

  it('refuses one tensor under two names', async () => {
    const entry = { dtype: 'F32', shape: [1], data_offsets: [0, 4] };
    const other = { ...entry, data_offsets: [4, 8] };
    const header = headerBytes({
      'language_model.model.norm.weight': entry,
      'language_model.norm.weight': other,
    });
    const folder = single(Buffer.concat([header, Buffer.alloc(8)]));
    await expect(openCheckpoint(folder)).rejects.toThrow('tensor language_model.norm.weight is there twice');
  });

  it('says what a folder without weights lacks', async () => {
    const folder = join(root, 'empty');
    mkdirSync(folder);
    await expect(openCheckpoint(folder)).rejects.toMatchObject({ code: 'CHECKPOINT_INCOMPLETE' });
    await expect(openCheckpoint(join(root, 'nowhere'))).rejects.toMatchObject({
      code: 'CHECKPOINT_INCOMPLETE',
    });
  });
});
