import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { fixturePath } from '../../fixtures/index.js';
import { readManifest } from '../../src/base/model-manifest.js';
import { loadModel } from '../../src/engine/model/load-model.js';
import { readHubSettings } from '../../src/hub/hub-settings.js';
import { pullModel } from '../../src/models/pull-model.js';
import type { PulledModel, PullEvent, PullOptions } from '../../src/models/pull-options.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { FakeHub, type Fault, revisionOf, revisionWith, sha256 } from '../support/fake-hub.js';
import { compareWithReference, tolerances } from '../support/reference/compare-with-reference.js';
import { readSafetensors } from '../support/reference/safetensors.js';
import { decodeGreedily } from '../support/reference/decode-greedily.mjs';
import { readPixels, readReferenceLines, referencePicture } from '../support/reference/reference-golden.js';

const folder = temporaryFolder();
const vae = readFileSync(fixturePath('masks', 'vae.npz'));
/** Stands in for Google's mask decoder. */
const maskDecoder = { file: 'vae-oid.npz', url: '', sizeBytes: vae.length, sha256: sha256(vae) };

let hub: FakeHub;
let home: string;
let homes = 0;
let events: PullEvent[];

beforeAll(async () => {
  hub = await FakeHub.start();
});
afterAll(() => hub.stop());
beforeEach(() => {
  hub.reset();
  hub.repositories.clear();
  home = join(folder, `home-${homes++}`);
  events = [];
});

/** Put a checkpoint of the fixtures on the hub. */
function publish(name: string, checkpoint: string, more: Readonly<Record<string, Buffer>> = {}): void {
  const revision = revisionOf(fixturePath('checkpoints', checkpoint), more);
  hub.repositories.set(name, { revisions: new Map([['main', revision]]), licence: 'gemma' });
}

async function pull(
  options: Partial<PullOptions> & Pick<PullOptions, 'repository'>,
  env: NodeJS.ProcessEnv = {},
): Promise<PulledModel> {
  const all = { HF_ENDPOINT: hub.endpoint, HF_HOME: join(home, 'hf'), ...env };
  return pullModel(
    { dtype: 'fp32', store: join(home, 'models'), onEvent: (event) => events.push(event), ...options },
    {
      env: all,
      settings: await readHubSettings(all, home),
      maskDecoder: { ...maskDecoder, url: `${hub.fileHost}/${sha256(vae)}/x` },
    },
  );
}

const plan = (): Extract<PullEvent, { type: 'plan' }>['plan'] | undefined =>
  events.flatMap((event) => (event.type === 'plan' ? [event.plan] : []))[0];

async function answersAsReference(
  modelFolder: string,
  golden: string,
  family: keyof typeof tolerances,
): Promise<void> {
  const { model } = await loadModel({ modelFolder, device: 'cpu', threads: 2 });
  const line = readReferenceLines(golden)[0];
  const pixels = await readPixels(referencePicture(line.images[0]), model.spec.vision.imageSize);
  const [answer] = await decodeGreedily(model, [
    {
      features: [await model.encodeImage(pixels)],
      ids: line.input_ids.slice(line.image_tokens),
      maxNewTokens: line.steps.ids.length,
    },
  ]);
  const comparison = compareWithReference(line, answer, tolerances[family].tie);
  expect(comparison.wrongAt).toBeUndefined();
  expect(comparison.logits).toBeLessThan(tolerances[family].logits);
  await model.close();
}

describe('pullModel', () => {
  it('brings PaliGemma 2 from the hub to the reference’s answer, with masks', async () => {
    publish('google/paligemma2-tiny', 'pg2-tiny', { 'vae.npz': vae, 'README.md': Buffer.alloc(5000) });
    const model = await pull({ repository: 'google/paligemma2-tiny' });
    expect(model).toEqual({
      name: 'paligemma2-tiny',
      folder: join(home, 'models', 'paligemma2-tiny', 'fp32'),
      imageSize: 56,
      isOld: false,
    });
    const { source, graphs, spec } = await readManifest(model.folder, true);
    const { commit } = hub.repositories.get('google/paligemma2-tiny')!.revisions.get('main')!;
    expect(source).toEqual({
      path: 'google/paligemma2-tiny',
      revision: `main (${commit})`,
      licence: 'gemma',
    });
    expect(spec.family).toBe('paligemma2');
    expect(graphs.mask).toBe('mask.onnx');
    await answersAsReference(model.folder, 'pg2-tiny', 'paligemma2');
    expect(plan()).toMatchObject({
      repository: 'google/paligemma2-tiny',
      revision: 'main',
      licence: 'gemma',
    });
    expect(hub.requests.some(({ path }) => path.includes('README'))).toBe(false);
    expect(readdirSync(join(home, 'models'))).toEqual(['paligemma2-tiny']);
  });

  it('brings shards, and a mask decoder from elsewhere', async () => {
    publish('google/sharded', 'pg1-bf16-sharded');
    publish('elsewhere/masks', 'pg1-tiny', { 'vae-oid.npz': vae });
    const model = await pull({ repository: 'google/sharded' });
    await answersAsReference(model.folder, 'pg1-bf16-sharded', 'paligemma');
    expect((await readManifest(model.folder)).graphs.mask).toBe('mask.onnx');
    const shards = hub.requests.filter(({ path, host }) => host === 'hub' && path.includes('-of-'));
    expect(shards).toHaveLength(3);
  });

  it('converts the first shards while the last is still on its way', async () => {
    publish('google/sharded', 'pg1-bf16-sharded', { 'vae.npz': vae });
    let release = (): void => undefined;
    const isWaiting = new Promise<void>((settle) => (release = settle));
    hub.fault = (path) => (path.startsWith('model-00003') ? { after: isWaiting } : undefined);
    const parts: string[] = [];
    const model = await pull({
      repository: 'google/sharded',
      onEvent: (event) => {
        if (event.type === 'download' && event.progress.file.startsWith('model-00003')) {
          if (event.progress.state === 'done') parts.push('last shard');
        }
        if (event.type !== 'import') return;
        parts.push(event.progress.part);
        // The conversion comes this far only with the first shards in hand, and the last one comes only then.
        if (event.progress.detail?.includes('waiting for model-00003')) release();
      },
    });
    expect(parts.indexOf('vision')).toBeGreaterThanOrEqual(0);
    expect(parts.indexOf('vision')).toBeLessThan(parts.indexOf('last shard'));
    await answersAsReference(model.folder, 'pg1-bf16-sharded', 'paligemma');
  });

  it.each<[string, Fault | undefined, string]>([
    ['is refused', { status: 404 }, 'REVISION_MISSING'],
    ['arrives with other bytes', { content: Buffer.alloc(200_000) }, 'DOWNLOAD_LENGTH'],
    ['is no safetensors file', undefined, 'CHECKPOINT_DAMAGED'],
  ])('leaves nothing of a conversion whose last shard %s', async (_, fault, code) => {
    publish('google/sharded', 'pg1-bf16-sharded', { 'vae.npz': vae });
    const last = 'model-00003-of-00003.safetensors';
    if (fault === undefined) {
      const more = { 'vae.npz': vae, [last]: Buffer.alloc(20_000, 1) };
      publish('google/sharded', 'pg1-bf16-sharded', more);
    }
    hub.fault = (path) => (path.includes(last) ? fault : undefined);
    await expect(pull({ repository: 'google/sharded' })).rejects.toMatchObject({ code });
    expect(readdirSync(join(home, 'models'))).toEqual([]);
  });

  it('never converts a shard that arrived with a wrong byte', async () => {
    publish('google/sharded', 'pg1-bf16-sharded', { 'vae.npz': vae });
    const second = 'model-00002-of-00003.safetensors';
    const sound = hub.repositories.get('google/sharded')!.revisions.get('main')!.files.get(second)!;
    const content = Buffer.from(sound);
    content[content.length - 1] ^= 1;
    hub.fault = (path, count) => (path === second && count === 1 ? { content } : undefined);
    const model = await pull({ repository: 'google/sharded' });
    await answersAsReference(model.folder, 'pg1-bf16-sharded', 'paligemma');
    hub.reset();
    expect((await pull({ repository: 'google/sharded', name: 'again' })).isOld).toBe(false);
    expect(hub.sentBytes).toBe(0);
    const hashes = async (name: string): Promise<string[]> =>
      (await readManifest(join(home, 'models', name, 'fp32'))).files.map(({ sha256: hash }) => hash);
    expect(await hashes('again')).toEqual(await hashes('sharded'));
  });

  it('refuses an adapter that does not fit before any shard is fetched', async () => {
    publish('google/sharded', 'pg1-bf16-sharded', { 'vae.npz': vae });
    const adapter = revisionOf(fixturePath('adapters', 'lora'));
    const config = JSON.parse(adapter.files.get('adapter_config.json')!.toString()) as object;
    const other = Buffer.from(JSON.stringify({ ...config, r: 5, rank_pattern: {} }));
    const files = new Map([...adapter.files, ['adapter_config.json', other]]);
    hub.repositories.set('me/lora', { revisions: new Map([['main', revisionWith(files)]]) });
    const refused = pull({ repository: 'google/sharded', adapter: 'me/lora' });
    await expect(refused).rejects.toMatchObject({ code: 'ADAPTER_UNFIT' });
    expect(existsSync(join(home, 'models', 'sharded', 'fp32'))).toBe(false);
  });

  it('names the address when the mask decoder cannot be had, before the weights are fetched', async () => {
    publish('google/sharded', 'pg1-bf16-sharded');
    const maskDecoderUrl = `${hub.fileHost}/none/x`;
    const refused = pull({ repository: 'google/sharded', maskDecoderUrl });
    await expect(refused).rejects.toMatchObject({
      code: 'MASK_DECODER',
      message: expect.stringContaining(`${hub.fileHost}/none/x`) as string,
      hint: expect.stringContaining('--no-masks') as string,
    });
    expect(hub.requests.some(({ path }) => path.includes('-of-'))).toBe(false);
    const model = await pull({ repository: 'google/sharded', isWithoutMasks: true });
    expect((await readManifest(model.folder)).graphs.mask).toBeUndefined();
  });

  it('does nothing twice', async () => {
    publish('google/tiny', 'pg1-tiny', { 'vae.npz': vae });
    await pull({ repository: 'google/tiny' });
    hub.reset();
    expect(await pull({ repository: 'google/tiny' })).toMatchObject({ isOld: true });
    expect(hub.sentBytes).toBe(0);
    await pull({ repository: 'google/tiny', dtype: 'int8' });
    expect(hub.sentBytes).toBe(0);
    expect(readdirSync(join(home, 'models', 'tiny')).sort()).toEqual(['fp32', 'int8']);
  });

  it('leaves nothing in the cache of a model that may not be read', async () => {
    publish('google/tiny', 'pg1-tiny', { 'vae.npz': vae });
    hub.repositories.set('google/tiny', { ...hub.repositories.get('google/tiny')!, onlyFor: 'hf_good' });
    await expect(pull({ repository: 'google/tiny' })).rejects.toMatchObject({ code: 'MODEL_GATED' });
    const left = readdirSync(join(home, 'hf'), { recursive: true, withFileTypes: true });
    expect(left.filter((entry) => entry.isFile())).toEqual([]);
  });

  it('does nothing for another name of the same commit', async () => {
    publish('google/tiny', 'pg1-tiny', { 'vae.npz': vae });
    const { revisions } = hub.repositories.get('google/tiny')!;
    revisions.set('v1.0', revisions.get('main')!);
    await pull({ repository: 'google/tiny' });
    expect(await pull({ repository: 'google/tiny', revision: 'v1.0' })).toMatchObject({ isOld: true });
  });

  it('says that an adapter’s folder is not there', async () => {
    publish('google/tiny', 'pg1-tiny', { 'vae.npz': vae });
    const refused = pull({ repository: 'google/tiny', adapter: './nowhere' });
    await expect(refused).rejects.toMatchObject({ code: 'ADAPTER_MISSING' });
  });

  it('makes a model again whose files were damaged', async () => {
    publish('google/tiny', 'pg1-tiny', { 'vae.npz': vae });
    const { folder: model } = await pull({ repository: 'google/tiny' });
    writeFileSync(join(model, 'vision.data'), 'damaged');
    expect(await pull({ repository: 'google/tiny' })).toMatchObject({ isOld: false });
    await readManifest(model, true);
  });

  it('takes the smallest revision that serves the dtype', async () => {
    publish('google/tiny', 'pg1-tiny', { 'vae.npz': vae });
    const { revisions } = hub.repositories.get('google/tiny')!;
    const half = revisionOf(fixturePath('checkpoints', 'pg2-tiny'), { 'vae.npz': vae });
    const main = revisions.get('main')!;
    const larger = revisionWith(
      new Map([
        ...main.files,
        [
          'model.safetensors',
          Buffer.concat([main.files.get('model.safetensors')!, half.files.get('model.safetensors')!]),
        ],
      ]),
    );
    revisions.set('main', larger).set('bfloat16', half);
    await pull({ repository: 'google/tiny', dtype: 'int8' });
    expect(plan()?.revision).toBe('bfloat16');
    events = [];
    await pull({ repository: 'google/tiny', dtype: 'fp32' });
    expect(plan()?.revision).toBe('main');
    events = [];
    const asked = await pull({ repository: 'google/tiny', dtype: 'int4', revision: 'bfloat16' });
    expect((await readManifest(asked.folder)).source.revision).toBe(`bfloat16 (${half.commit})`);
  });

  it('merges an adapter from the hub', async () => {
    publish('google/tiny', 'pg1-tiny', { 'vae.npz': vae });
    const adapter = revisionOf(fixturePath('adapters', 'lora'));
    hub.repositories.set('me/lora', { revisions: new Map([['main', adapter]]) });
    const model = await pull({ repository: 'google/tiny', adapter: 'me/lora', name: 'mine' });
    await answersAsReference(model.folder, 'pg1-tiny+lora', 'paligemma');
    expect((await readManifest(model.folder)).source.adapter).toBe(`me/lora (${adapter.commit})`);
  });

  it('needs no hub for what the cache holds', async () => {
    publish('google/tiny', 'pg1-tiny', { 'vae.npz': vae });
    await pull({ repository: 'google/tiny' });
    hub.reset();
    const offline = { HF_HUB_OFFLINE: '1' };
    expect(await pull({ repository: 'google/tiny' }, offline)).toMatchObject({ isOld: true });
    const other = await pull({ repository: 'google/tiny', dtype: 'int8' }, offline);
    expect(other.isOld).toBe(false);
    expect((await readManifest(other.folder)).graphs.mask).toBe('mask.onnx');
    await expect(pull({ repository: 'google/other' }, offline)).rejects.toMatchObject({ code: 'OFFLINE' });
    expect(hub.requests).toEqual([]);
  });

  it('finds damage in the cache without asking the hub', async () => {
    publish('google/sharded', 'pg1-bf16-sharded', { 'vae.npz': vae });
    await pull({ repository: 'google/sharded' });
    const snapshots = join(home, 'hf', 'hub', 'models--google--sharded', 'snapshots');
    const shard = join(snapshots, readdirSync(snapshots)[0], 'model-00003-of-00003.safetensors');
    const bytes = readFileSync(shard);
    bytes[bytes.length - 1] ^= 1;
    writeFileSync(shard, bytes);
    const offline = pull({ repository: 'google/sharded', dtype: 'int8' }, { HF_HUB_OFFLINE: '1' });
    await expect(offline).rejects.toMatchObject({
      code: 'CACHE_DAMAGED',
      message: expect.stringContaining('model-00003') as string,
    });
    expect(readdirSync(join(home, 'models', 'sharded'))).toEqual(['fp32']);
    expect(await pull({ repository: 'google/sharded', dtype: 'int8' })).toMatchObject({ isOld: false });
  });

  it('may run twice at once: one waits, both find the model', async () => {
    publish('google/tiny', 'pg1-tiny', { 'vae.npz': vae });
    const both = await Promise.all([
      pull({ repository: 'google/tiny' }),
      pull({ repository: 'google/tiny' }),
    ]);
    expect(both.map(({ isOld }) => isOld).sort()).toEqual([false, true]);
    expect(events.filter(({ type }) => type === 'waiting')).toHaveLength(1);
    await readManifest(both[0].folder, true);
  });

  it('says that a folder cannot be written', async () => {
    publish('google/tiny', 'pg1-tiny', { 'vae.npz': vae });
    mkdirSync(join(home, 'hf'), { recursive: true });
    writeFileSync(join(home, 'hf', 'hub'), 'a file in the place of the folder');
    await expect(pull({ repository: 'google/tiny' })).rejects.toMatchObject({ name: 'InputError' });
  });

  it('reads the single file where the repository holds a stale index, too', async () => {
    const names = Object.fromEntries(
      [...readSafetensors(fixturePath('checkpoints', 'pg1-tiny/model.safetensors')).keys()].map((name) => [
        name,
        'model-00001-of-00001.safetensors',
      ]),
    );
    const index = Buffer.from(JSON.stringify({ metadata: {}, weight_map: names }));
    publish('me/stale', 'pg1-tiny', { 'model.safetensors.index.json': index });
    const { folder: model } = await pull({ repository: 'me/stale', isWithoutMasks: true });
    await answersAsReference(model, 'pg1-tiny', 'paligemma');
    // One that another tool left in the cache misleads nobody either.
    expect(hub.requests.some(({ path }) => path.includes('index.json'))).toBe(false);
  });

  it('does without a head that the index names and no shard holds', async () => {
    const path = fixturePath('checkpoints', 'pg1-bf16-sharded/model.safetensors.index.json');
    const index = JSON.parse(readFileSync(path, 'utf8')) as { weight_map: Record<string, string> };
    index.weight_map['lm_head.weight'] = 'model-00003-of-00003.safetensors';
    publish('me/head', 'pg1-bf16-sharded', {
      'model.safetensors.index.json': Buffer.from(JSON.stringify(index)),
    });
    const { folder: model } = await pull({ repository: 'me/head', isWithoutMasks: true });
    await answersAsReference(model, 'pg1-bf16-sharded', 'paligemma');
  });

  it('refuses quantised weights before any are fetched', async () => {
    const config = JSON.parse(
      readFileSync(fixturePath('checkpoints', 'pg1-tiny/config.json'), 'utf8'),
    ) as object;
    const quantised = { ...config, quantization: { group_size: 64, bits: 4 } };
    publish('me/mlx', 'pg1-tiny', { 'config.json': Buffer.from(JSON.stringify(quantised)) });
    await expect(pull({ repository: 'me/mlx' })).rejects.toMatchObject({ code: 'CHECKPOINT_QUANTISED' });
    expect(hub.requests.some(({ path }) => path.includes('safetensors'))).toBe(false);
  });

  it('offers the line to type for an adapter that was given as the model', async () => {
    const config = JSON.stringify({
      base_model_name_or_path: 'google/paligemma-3b-pt-224',
      peft_type: 'LORA',
    });
    const files = new Map([
      ['adapter_config.json', Buffer.from(config)],
      ['adapter_model.safetensors', Buffer.alloc(5000)],
    ]);
    hub.repositories.set('me/lora', { revisions: new Map([['main', revisionWith(files)]]) });
    await expect(pull({ repository: 'me/lora' })).rejects.toMatchObject({
      code: 'ADAPTER_ALONE',
      hint: 'Merge it into its base: pali pull google/paligemma-3b-pt-224 --adapter me/lora --name NAME',
    });
    expect(hub.requests.some(({ path }) => path.includes('safetensors'))).toBe(false);
  });

  it('says that a model is no adapter', async () => {
    publish('me/base', 'pg1-tiny');
    publish('me/other', 'pg1-tiny');
    await expect(pull({ repository: 'me/base', adapter: 'me/other' })).rejects.toMatchObject({
      code: 'ADAPTER_MISSING',
      hint: 'It is a model of its own: pali pull me/other',
    });
  });

  it('says what a repository without a checkpoint lacks', async () => {
    hub.repositories.set('google/keras', {
      revisions: new Map([['main', revisionWith(new Map([['config.json', Buffer.from('{}')]]))]]),
    });
    await expect(pull({ repository: 'google/keras' })).rejects.toMatchObject({
      code: 'CHECKPOINT_INCOMPLETE',
    });
    await expect(pull({ repository: 'not a name' })).rejects.toMatchObject({ code: 'REPOSITORY_NAME' });
    expect(existsSync(join(home, 'models', 'keras'))).toBe(false);
  });
});
