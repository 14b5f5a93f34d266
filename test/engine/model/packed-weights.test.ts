import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { fixturePath } from '../../../fixtures/index.js';
import { placeMark } from '../../../src/base/files/new-part-path.js';
import { readDiskSpace } from '../../../src/base/files/read-disk-space.js';
import { hashFile } from '../../../src/base/model-files/hash-file.js';
import { addChecksum } from '../../../src/base/model-files/manifest-checksum.js';
import { type Pack, readPack, refusePack, verifyPack } from '../../../src/base/model-files/pack.js';
import { type ModelManifest, readManifest } from '../../../src/base/model-manifest.js';
import type { PackingOptions } from '../../../src/engine/model/packed-weights.js';
import { areAligned } from '../../../src/engine/model/are-aligned.js';
import { recordProbe } from '../../../src/engine/model/record-probe.js';
import { answerNoise, type NoiseAnswer } from '../../support/reference/answer-noise.js';
import { convertFixture } from '../../support/reference/convert-fixture.js';
import { convertWideNoise } from '../../support/reference/convert-wide-noise.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

vi.mock('../../../src/base/files/read-disk-space.js', () => ({ readDiskSpace: vi.fn() }));
const ROOMY = { freeBytes: 1e12, totalBytes: 1e12 };
/** The decoder is too small to be packed otherwise. */
const small = { minBytes: 0 };
const wanted = { minBytes: 0, isWanted: true };
const MAPPED = 'decoder with packed weights';
const WRITTEN = 'decoder and packing it';

const folder = temporaryFolder();
const plain = join(folder, 'plain');
const packed = join(folder, 'packed');
let expected: NoiseAnswer;
let copies = 0;

beforeAll(async () => {
  vi.mocked(readDiskSpace).mockResolvedValue(ROOMY);
  await convertWideNoise(plain, 'int4');
  expected = await answerNoise(plain);
  cpSync(plain, packed, { recursive: true });
  await recordProbe(packed, wanted);
});
afterEach(() => vi.mocked(readDiskSpace).mockResolvedValue(ROOMY));

function copy(from: string): string {
  const target = join(folder, `copy-${copies++}`);
  cpSync(from, target, { recursive: true });
  return target;
}

const inPack = (model: string, name: string): string => join(model, 'packed', name);

function changePack(model: string, change: (pack: Record<string, unknown>) => object): void {
  const path = inPack(model, 'packed.json');
  writeFileSync(path, addChecksum(change(JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>)));
}

function flip(path: string, share: number): void {
  const bytes = readFileSync(path);
  bytes[Math.floor((bytes.length - 1) * share)] ^= 0x10;
  writeFileSync(path, bytes);
}

/** The model gives the right numbers. @returns the parts of its load. */
async function load(model: string, packing: PackingOptions = small): Promise<readonly string[]> {
  const { numbers, parts } = await answerNoise(model, packing);
  expect(numbers).toBe(expected.numbers);
  return parts;
}

function listTemporary(model: string): string[] {
  return readdirSync(model).filter((name) => name.startsWith('.'));
}

describe.skipIf(process.platform !== 'linux' || process.arch !== 'x64')('packed weights', () => {
  it('are written after a conversion and give the same numbers, bit for bit', async () => {
    expect(expected.parts).toContain('decoder');
    expect(await load(packed)).toEqual(expect.arrayContaining([MAPPED, 'trial']));
    expect(await load(packed)).not.toContain('trial');
    await readManifest(packed, true);
    await verifyPack(packed, (await readPack(packed)) as Pack);
    expect(listTemporary(packed)).toEqual([]);
    // A folder that was copied is as good.
    expect(await load(copy(packed))).toContain(MAPPED);
  });

  it('are mapped from addresses that every kernel can read', async () => {
    expect(areAligned(readFileSync(inPack(packed, 'decoder.cpu.onnx')))).toBe(true);
    // The demo's matrices are smaller than what onnxruntime aligns, and nothing of them is written.
    const demo = join(folder, 'demo');
    await convertFixture(fixturePath('demo'), demo, 'int4');
    await recordProbe(demo, wanted);
    expect(existsSync(join(demo, 'packed'))).toBe(false);
    expect(listTemporary(demo)).toEqual([]);
  });

  it('give the same numbers where prompts have a decoder of their own', async () => {
    const model = join(folder, 'both');
    await convertWideNoise(model, 'int8-int4');
    const { numbers } = await answerNoise(model);
    await recordProbe(model, wanted);
    const again = await answerNoise(model);
    expect(again.parts).toContain(MAPPED);
    expect(again.numbers).toBe(numbers);
  });

  it('are not written for small models, for int8, where the user wants none, and where nobody asked', async () => {
    const model = copy(plain);
    expect(await load(model, { isWanted: true })).toContain('decoder');
    expect(await load(model, small)).toContain('decoder');
    await refusePack(model);
    expect(await load(model, wanted)).toContain('decoder');
    expect(readdirSync(join(model, 'packed'))).toEqual(['packed.json']);
    const int8 = join(folder, 'int8');
    await convertWideNoise(int8, 'int8');
    await recordProbe(int8, wanted);
    expect(existsSync(join(int8, 'packed'))).toBe(false);
  });

  it.each<[string, (model: string) => void]>([
    ['a byte of the header', (model) => flip(inPack(model, 'packed.json'), 0.5)],
    ['a byte of the graph', (model) => flip(inPack(model, 'decoder.cpu.onnx'), 0.7)],
    ['a byte of the weights', (model) => flip(inPack(model, 'decoder.cpu.data'), 0.6)],
    [
      'weights cut short',
      (model) => {
        const path = inPack(model, 'decoder.cpu.data');
        truncateSync(path, statSync(path).size >> 1);
      },
    ],
    ['another version of onnxruntime', (model) => changePack(model, (pack) => ({ ...pack, runtime: '0.1' }))],
    ['those of another model', (model) => changePack(model, (pack) => ({ ...pack, source: 'other' }))],
    ['a header of nonsense', (model) => writeFileSync(inPack(model, 'packed.json'), '[]')],
  ])('are left out and made anew: %s', async (_, damage) => {
    const model = copy(packed);
    damage(model);
    expect(await load(model)).toContain(WRITTEN);
    expect(listTemporary(model)).toEqual([]);
    expect(await load(model)).toContain(MAPPED);
  });

  it('of another processor stay as they are, unused', async () => {
    const model = copy(packed);
    changePack(model, (pack) => ({ ...pack, processor: 'abacus', runtime: '0.1' }));
    const before = readFileSync(inPack(model, 'packed.json'), 'utf8');
    expect(await load(model, wanted)).toContain('decoder');
    expect(readFileSync(inPack(model, 'packed.json'), 'utf8')).toBe(before);
  });

  it('that the runtime refuses are removed, and not made again and again', async () => {
    const model = copy(packed);
    const path = inPack(model, 'decoder.cpu.onnx');
    writeFileSync(path, 'no graph');
    const sha256 = await hashFile(path);
    changePack(model, (pack) => {
      const [, weights] = pack['files'] as object[];
      const graph = { path: 'decoder.cpu.onnx', sizeBytes: 8, sha256, sampleSha256: sha256 };
      return { ...pack, files: [graph, weights] };
    });
    expect(await load(model)).toContain('decoder');
    expect(existsSync(join(model, 'packed'))).toBe(false);
    expect(await load(model)).toContain('decoder');
    expect(existsSync(join(model, 'packed'))).toBe(false);
  });

  it('are used once they have run: not after a process that died of them, nor while another tries', async () => {
    const model = copy(packed);
    rmSync(inPack(model, 'tried'), { force: true });
    writeFileSync(inPack(model, 'trying'), `${placeMark()} ${process.ppid}`);
    expect(await load(model)).toContain('decoder');
    writeFileSync(inPack(model, 'trying'), `${placeMark()} 999999999`);
    expect(await load(model)).toContain('decoder');
    expect(existsSync(join(model, 'packed'))).toBe(false);
    expect(await load(model)).toContain('decoder');
  });

  it('are removed where they do not give the numbers of the conversion', async () => {
    const model = copy(packed);
    rmSync(inPack(model, 'tried'), { force: true });
    const path = join(model, 'manifest.json');
    const manifest = JSON.parse(readFileSync(path, 'utf8')) as ModelManifest;
    const steps = manifest.probe!.steps.map((step) => ({
      ...step,
      topValues: step.topValues.map((value) => -value),
    }));
    writeFileSync(path, addChecksum({ ...manifest, probe: { ...manifest.probe, steps } }));
    expect(await load(model)).toEqual(expect.arrayContaining(['decoder', 'trial']));
    expect(existsSync(join(model, 'packed'))).toBe(false);
    expect(listTemporary(model)).toEqual([]);
  });

  it('are not written where the disk is nearly full or cannot be asked', async () => {
    const model = copy(plain);
    for (const space of [
      { freeBytes: 1.9e9, totalBytes: 10e9 },
      { freeBytes: 9e9, totalBytes: 100e9 },
      { freeBytes: 9e9, totalBytes: 1e12 },
    ]) {
      vi.mocked(readDiskSpace).mockResolvedValue(space);
      expect(await load(model, wanted)).toContain('decoder');
    }
    vi.mocked(readDiskSpace).mockRejectedValue(new Error('no'));
    expect(await load(model, wanted)).toContain('decoder');
    expect(existsSync(join(model, 'packed'))).toBe(false);
    expect(listTemporary(model)).toEqual([]);
  });

  it('that cannot get their name leave nothing behind', async () => {
    const model = copy(plain);
    writeFileSync(join(model, 'packed'), 'in the way');
    await load(model, wanted);
    expect(listTemporary(model)).toEqual([]);
    expect(readFileSync(join(model, 'packed'), 'utf8')).toBe('in the way');
  });

  it('are not tried at once again by the process after one that was killed at it', async () => {
    const model = copy(plain);
    const left = join(model, `.packing-${placeMark()}-999999999-0a0a0a0a0a0a`);
    mkdirSync(left);
    writeFileSync(join(left, 'decoder.cpu.data'), 'half');
    expect(await load(model, wanted)).toContain('decoder');
    expect(listTemporary(model)).toEqual([]);
    expect(await load(model, wanted)).toContain(WRITTEN);
  });
});
