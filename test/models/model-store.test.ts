import { mkdirSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { refusePack } from '../../src/base/model-files/pack.js';
import { MANIFEST_FILE } from '../../src/base/model-manifest.js';
import { listModels } from '../../src/models/model-store.js';
import { removeModel } from '../../src/models/remove-model.js';
import { resolveModel } from '../../src/models/resolve-model.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { addSampleModel, addSamplePack } from '../support/sample-manifest.js';

const folder = temporaryFolder();
let stores = 0;

function newStore(...models: readonly (readonly [string, 'fp32' | 'fp16' | 'int8' | 'int4'])[]): string {
  const store = join(folder, `store-${stores++}`);
  for (const [name, dtype] of models) addSampleModel(store, name, dtype);
  return store;
}

describe('listModels', () => {
  it('lists names and dtypes in order, with sizes', async () => {
    const store = newStore(['zebra', 'int4'], ['mine', 'int8'], ['mine', 'fp32']);
    const models = await listModels(store);
    expect(models.map(({ name, dtype }) => `${name} ${dtype}`)).toEqual([
      'mine fp32',
      'mine int8',
      'zebra int4',
    ]);
    expect(models[0].sizeBytes).toBe(1_234_567);
    expect(models[0].manifest?.spec.family).toBe('paligemma2');
  });

  it('counts packed weights, and nothing where they are damaged or not wanted', async () => {
    const store = newStore(['mine', 'int4'], ['other', 'int4'], ['third', 'int4']);
    const pack = addSamplePack(join(store, 'mine', 'int4'));
    addSamplePack(join(store, 'other', 'int4'));
    truncateSync(join(store, 'other', 'int4', 'packed', 'packed.json'), 100);
    await refusePack(join(store, 'third', 'int4'));
    const sizes = (await listModels(store)).map(({ sizeBytes }) => sizeBytes);
    expect(sizes).toEqual([1_234_567 + pack.files[0].sizeBytes, 1_234_567, 1_234_567]);
  });

  it('passes over what is half made or foreign, and shows what is damaged', async () => {
    const store = newStore(['mine', 'fp32'], ['.importing-1-aa', 'int8']);
    mkdirSync(join(store, 'empty', 'int8'), { recursive: true });
    mkdirSync(join(store, 'mine', 'int8'), { recursive: true });
    writeFileSync(join(store, 'mine', 'int8', MANIFEST_FILE), '{');
    const models = await listModels(store);
    expect(models.map(({ dtype, manifest }) => [dtype, manifest !== undefined])).toEqual([
      ['fp32', true],
      ['int8', false],
    ]);
  });

  it('is empty where there is no store', async () => {
    expect(await listModels(join(folder, 'nowhere'))).toEqual([]);
  });
});

describe('resolveModel', () => {
  const all = [
    ['mine', 'fp32'],
    ['mine', 'fp16'],
    ['mine', 'int8'],
    ['mine', 'int4'],
  ] as const;

  it.each([
    ['auto', undefined, 'int8'],
    ['cpu', undefined, 'int8'],
    ['webgpu', undefined, 'fp16'],
    ['cuda', undefined, 'fp16'],
    ['cpu', 'fp32', 'fp32'],
  ] as const)('device %s, dtype %s: %s', async (device, dtype, chosen) => {
    const store = newStore(...all);
    expect(await resolveModel({ store, model: 'mine', device, dtype })).toEqual({
      name: 'mine',
      dtype: chosen,
      folder: join(store, 'mine', chosen),
    });
  });

  it('takes what there is', async () => {
    const store = newStore(['mine', 'int4']);
    expect((await resolveModel({ store, model: 'mine', device: 'auto' })).dtype).toBe('int4');
  });

  it('names the forms that are there when the wanted one is not', async () => {
    const store = newStore(['mine', 'int4']);
    await expect(resolveModel({ store, model: 'mine', device: 'auto', dtype: 'fp16' })).rejects.toMatchObject(
      { code: 'DTYPE_MISSING', hint: expect.stringContaining('as int4') as string },
    );
  });

  it('takes the folder of a converted model', async () => {
    const path = addSampleModel(join(folder, 'elsewhere'), 'mine', 'int8');
    expect(await resolveModel({ store: newStore(), model: path, device: 'auto' })).toEqual({
      name: 'mine',
      dtype: 'int8',
      folder: path,
    });
  });

  it('suggests the nearest name', async () => {
    const store = newStore(['paligemma-3b-mix-448', 'int8']);
    await expect(resolveModel({ store, model: 'paligema-3b-mix-448', device: 'auto' })).rejects.toMatchObject(
      {
        exitCode: 4,
        hint: expect.stringContaining('Did you mean paligemma-3b-mix-448?') as string,
      },
    );
  });

  it('does not take a checkpoint for a model', async () => {
    await expect(
      resolveModel({ store: newStore(), model: 'fixtures/demo', device: 'auto' }),
    ).rejects.toMatchObject({ code: 'MODEL_NOT_IMPORTED' });
  });
});

describe('removeModel', () => {
  it('removes one form, then the rest, and nothing beside', async () => {
    const store = newStore(['mine', 'fp32'], ['mine', 'int8'], ['other', 'int8']);
    expect(await removeModel(store, 'mine', 'fp32')).toEqual(['fp32']);
    expect(await removeModel(store, 'mine')).toEqual(['int8']);
    expect((await listModels(store)).map(({ name }) => name)).toEqual(['other']);
    await expect(removeModel(store, 'mine')).rejects.toMatchObject({ code: 'MODEL_MISSING' });
  });

  it.each(['..', '.', '../store-0', ''])('refuses %j', async (name) => {
    await expect(removeModel(newStore(), name)).rejects.toMatchObject({ exitCode: 2 });
  });
});
