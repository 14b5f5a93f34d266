import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fixturePath } from '../../../fixtures/index.js';
import { dtypes } from '../../../src/base/dtype.js';
import { readManifest } from '../../../src/base/model-manifest.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { convertFixture } from '../../support/reference/convert-fixture.js';
import { layoutNames, type LayoutName, readKeyLayouts } from '../../support/reference/key-layouts.js';
import { type RawTensor, readSafetensors, writeSafetensors } from '../../support/reference/safetensors.js';

const root = temporaryFolder();
const tiny = fixturePath('checkpoints', 'pg1-tiny');
let count = 0;

function newPath(): string {
  return join(root, `folder-${count++}`);
}

/** A copy of a checkpoint to spoil. */
function copyOf(checkpoint: string): string {
  const folder = newPath();
  cpSync(fixturePath('checkpoints', checkpoint), folder, { recursive: true });
  return folder;
}

/** pg1-tiny's tensors under another layout's names, the head written out where the layout has one. */
function writeLayout(layout: LayoutName): string {
  const folder = copyOf('pg1-tiny');
  const file = join(folder, 'model.safetensors');
  const tensors = readSafetensors(file);
  const renamed = new Map<string, RawTensor>();
  for (const { canonical, hub, [layout]: name } of readKeyLayouts()['pg1-tiny']) {
    if (name === null) continue;
    const isHead = canonical === 'lm_head.weight';
    renamed.set(name, tensors.get(isHead ? 'language_model.model.embed_tokens.weight' : hub!)!);
  }
  writeSafetensors(file, renamed);
  return folder;
}

/** sha256 of each weight file. */
async function hashWeights(source: string): Promise<Record<string, string>> {
  const target = newPath();
  const { files } = await convertFixture(source, target);
  return Object.fromEntries(
    files.filter(({ path }) => path.endsWith('.data')).map(({ path, sha256 }) => [path, sha256]),
  );
}

describe('convertCheckpoint', () => {
  it('gives the same weights from every key layout', async () => {
    const expected = await hashWeights(tiny);
    expect(Object.keys(expected).sort()).toEqual(['decoder.data', 'embedding.data', 'vision.data']);
    for (const layout of layoutNames)
      expect(await hashWeights(writeLayout(layout)), layout).toEqual(expected);
  });

  it.each(dtypes)('leaves a sound model in %s, and counts every weight', async (dtype) => {
    const target = newPath();
    const shares: number[] = [];
    await convertFixture(tiny, target, dtype, {
      onProgress: ({ doneWeights, totalWeights }) => shares.push(doneWeights / totalWeights),
    });
    const manifest = await readManifest(target, true);
    expect(manifest.dtype).toBe(dtype);
    expect(readdirSync(target).sort()).toEqual(
      [...manifest.files.map(({ path }) => path), 'manifest.json'].sort(),
    );
    expect(shares.at(-1)).toBe(1);
    expect(shares).toEqual([...shares].sort((a, b) => a - b));
  });

  it('leaves nothing when a shard is cut', async () => {
    const source = copyOf('pg1-bf16-sharded');
    truncateSync(join(source, 'model-00003-of-00003.safetensors'), 300_000);
    const target = newPath();
    await expect(convertFixture(source, target)).rejects.toMatchObject({ code: 'CHECKPOINT_DAMAGED' });
    expect(existsSync(target)).toBe(false);
  });

  it('leaves nothing when a shard is cut while it is read', async () => {
    const source = copyOf('pg1-bf16-sharded');
    const target = newPath();
    const cut = (): void => truncateSync(join(source, 'model-00003-of-00003.safetensors'), 300_000);
    const converted = convertFixture(source, target, 'fp32', { onProgress: cut });
    await expect(converted).rejects.toMatchObject({ code: 'CHECKPOINT_DAMAGED' });
    await expect(converted).rejects.toThrow('while it was read');
    expect(existsSync(target)).toBe(false);
  });

  it('leaves nothing when the mask decoder is damaged', async () => {
    const source = copyOf('pg1-tiny');
    writeFileSync(join(source, 'vae.npz'), 'no archive');
    const target = newPath();
    await expect(convertFixture(source, target)).rejects.toMatchObject({ code: 'MASK_DECODER_DAMAGED' });
    expect(existsSync(target)).toBe(false);
  });

  it.each(['vision', 'embedding', 'decoder'])('leaves nothing when it is stopped in %s', async (wanted) => {
    const stop = new AbortController();
    const target = newPath();
    let sawTarget = false;
    const converted = convertFixture(tiny, target, 'int4', {
      signal: stop.signal,
      onProgress: ({ part }) => {
        sawTarget ||= existsSync(target);
        if (part === wanted) stop.abort(new Error('stopped'));
      },
    });
    await expect(converted).rejects.toThrow('stopped');
    expect([sawTarget, existsSync(target)]).toEqual([true, false]);
  });

  it('touches no folder that is there', async () => {
    const target = newPath();
    mkdirSync(target);
    writeFileSync(join(target, 'mine.txt'), 'mine');
    await expect(convertFixture(tiny, target)).rejects.toThrow('EEXIST');
    expect(readdirSync(target)).toEqual(['mine.txt']);
  });

  it('refuses weights that do not fit their configuration before it writes', async () => {
    const source = copyOf('pg1-tiny');
    const path = join(source, 'config.json');
    const config = JSON.parse(readFileSync(path, 'utf8')) as { text_config: Record<string, unknown> };
    config.text_config.intermediate_size = 320;
    writeFileSync(path, JSON.stringify(config));
    const target = newPath();
    const converted = convertFixture(source, target);
    await expect(converted).rejects.toMatchObject({ code: 'CHECKPOINT_UNFIT' });
    await expect(converted).rejects.toThrow('mlp.gate_proj.weight has shape');
    expect(existsSync(target)).toBe(false);
  });
});
