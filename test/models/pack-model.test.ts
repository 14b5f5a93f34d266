import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { placeMark } from '../../src/base/files/new-part-path.js';
import { readDiskSpace } from '../../src/base/files/read-disk-space.js';
import { readAvailableMemory } from '../../src/base/machine/available-memory.js';
import { addChecksum } from '../../src/base/model-files/manifest-checksum.js';
import { refusePack } from '../../src/base/model-files/pack.js';
import { parseManifest } from '../../src/base/model-manifest.js';
import { canPackHere } from '../../src/engine/model/pack-identity.js';
import { recordProbe } from '../../src/engine/model/record-probe.js';
import { examinePack } from '../../src/models/examine-pack.js';
import { packModel } from '../../src/models/pack-model.js';
import { answerNoise } from '../support/reference/answer-noise.js';
import { convertWideNoise } from '../support/reference/convert-wide-noise.js';
import { temporaryFolder } from '../support/temporary-folder.js';

vi.mock('../../src/base/files/read-disk-space.js', () => ({ readDiskSpace: vi.fn() }));
vi.mock('../../src/base/machine/available-memory.js', () => ({ readAvailableMemory: vi.fn() }));

const folder = temporaryFolder();
const plain = join(folder, 'plain');
let copies = 0;

beforeAll(async () => {
  await convertWideNoise(plain, 'int4');
  await recordProbe(plain, {});
});
beforeEach(() => {
  vi.mocked(readDiskSpace).mockResolvedValue({ freeBytes: 1e12, totalBytes: 1e12 });
  vi.mocked(readAvailableMemory).mockReturnValue(1e12);
});

function copy(): string {
  const target = join(folder, `copy-${copies++}`);
  cpSync(plain, target, { recursive: true });
  return target;
}

const reasonOf = async (model: string): Promise<string> =>
  packModel(model).then(
    () => 'packed',
    (error: unknown) => (error as Error).message,
  );

describe.skipIf(!canPackHere)('packModel', () => {
  it('writes what a killed process, a full disk or --no-packed left out, and keeps what is whole', async () => {
    const model = copy();
    mkdirSync(join(model, `.packing-${placeMark()}-999999999-0a0a0a0a0a0a`));
    expect(await packModel(model)).toMatchObject({ isNew: true, pack: { isWanted: true } });
    expect(readdirSync(join(model, 'packed'))).toContain('tried');
    expect(readdirSync(model).filter((name) => name.startsWith('.'))).toEqual([]);
    expect((await answerNoise(model)).parts).toContain('decoder with packed weights');
    expect(await packModel(model)).toMatchObject({ isNew: false });

    const refused = copy();
    await refusePack(refused);
    expect(await packModel(refused)).toMatchObject({ isNew: true });
  });

  it('writes those anew that are damaged, of another processor, out of date or never ran', async () => {
    const model = copy();
    await packModel(model);
    const inPack = (name: string): string => join(model, 'packed', name);
    const bytes = readFileSync(inPack('decoder.cpu.data'));
    bytes[bytes.length >> 1] ^= 1;
    writeFileSync(inPack('decoder.cpu.data'), bytes);
    expect(await packModel(model)).toMatchObject({ isNew: true });
    const manifest = await parseManifest(model);
    for (const [change, fit] of [
      [{ processor: 'abacus' }, 'other processor'],
      [{ runtime: '0.0.1' }, 'other runtime'],
      [{ source: 'x' }, 'other weights'],
    ] as const) {
      expect(await examinePack(model, manifest)).toMatchObject({ fit: 'current' });
      const pack = JSON.parse(readFileSync(inPack('packed.json'), 'utf8')) as Record<string, unknown>;
      writeFileSync(inPack('packed.json'), addChecksum({ ...pack, ...change }));
      expect(await examinePack(model, manifest)).toMatchObject({ fit });
      expect(await packModel(model)).toMatchObject({ isNew: true });
    }
  });

  it('leaves off at Ctrl-C and leaves nothing that is not whole', async () => {
    const model = copy();
    const stop = new AbortController();
    vi.mocked(readDiskSpace).mockImplementation(async () => {
      stop.abort();
      return { freeBytes: 1e12, totalBytes: 1e12 };
    });
    await expect(packModel(model, undefined, stop.signal)).rejects.toMatchObject({ name: 'AbortError' });
    expect(readdirSync(model).filter((name) => /pack/.test(name))).toEqual([]);
    expect(await packModel(model)).toMatchObject({ isNew: true });
  });

  it('says why there are none, and leaves a model that runs', async () => {
    const model = copy();
    const whole = await parseManifest(model);
    // It is smaller than those that have them unasked.
    expect(await examinePack(model, whole)).toBe('unfit');
    const files = whole.files.map((file) => ({ ...file, sizeBytes: 1e9 }));
    expect(await examinePack(model, { ...whole, files })).toBe('missing');
    vi.mocked(readDiskSpace).mockResolvedValue({ freeBytes: 1e9, totalBytes: 1e12 });
    expect(await reasonOf(model)).toContain('There is no room for them');
    vi.mocked(readAvailableMemory).mockReturnValue(1000);
    expect(await reasonOf(model)).toMatch(
      /running it takes about [\d.]+ GB of memory, and 0.0 GB are free\.$/,
    );
    expect(existsSync(join(model, 'packed'))).toBe(false);
    expect((await answerNoise(model)).parts).toContain('decoder');

    const manifest = JSON.parse(readFileSync(join(model, 'manifest.json'), 'utf8')) as Record<
      string,
      unknown
    >;
    writeFileSync(join(model, 'manifest.json'), addChecksum({ ...manifest, dtype: 'int8' }));
    expect(await reasonOf(model)).toContain('They make int4 and int8-int4 load sooner');
  });
});
