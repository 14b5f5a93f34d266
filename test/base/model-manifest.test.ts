import {
  closeSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { hashFile, hashSample } from '../../src/base/model-files/hash-file.js';
import { addChecksum } from '../../src/base/model-files/manifest-checksum.js';
import {
  MANIFEST_FILE,
  type ManifestFile,
  parseManifest,
  readManifest,
} from '../../src/base/model-manifest.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const root = temporaryFolder();
let count = 0;

/** What the test of changes changes. */
interface Spoilt {
  embedding: { dtype: string };
  spec: { text: { heads: number }; tokens: { eos: number } };
  probe: unknown;
}

const manifest = {
  schemaVersion: 1,
  paliVersion: '1.2.3',
  createdAt: '2025-01-01T00:00:00.000Z',
  source: { path: 'there' },
  dtype: 'fp32',
  spec: {
    family: 'paligemma',
    vision: {
      imageSize: 56,
      patchSize: 14,
      hiddenSize: 72,
      intermediateSize: 141,
      layers: 2,
      heads: 2,
      layerNormEps: 1e-6,
    },
    text: {
      hiddenSize: 96,
      intermediateSize: 160,
      layers: 3,
      heads: 4,
      keyValueHeads: 1,
      headDim: 16,
      rmsNormEps: 1e-6,
      ropeTheta: 10_000,
      vocabSize: 2432,
      attentionScale: 0.25,
    },
    tokens: { pad: 0, bos: 2, eos: 1, image: 2369, firstLoc: 1217, firstSeg: 2241 },
  },
  parts: {},
  graphs: { vision: { cpu: 'vision.cpu.onnx' }, decoder: { cpu: 'decoder.cpu.onnx' } },
  embedding: { file: 'embedding.data', dtype: 'F32' },
};

/** A folder with one file of so many bytes (holes, but for both ends) and a manifest about it. */
async function makeModel(
  sizeBytes: number,
  change: (manifest: object) => object = (m) => m,
): Promise<string> {
  const folder = join(root, `model-${count++}`);
  mkdirSync(folder);
  const path = join(folder, 'weights.data');
  const file = openSync(path, 'w');
  ftruncateSync(file, sizeBytes);
  writeSync(file, 'begin', 0);
  writeSync(file, 'end', sizeBytes - 3);
  closeSync(file);
  const entry: ManifestFile = {
    path: 'weights.data',
    sizeBytes,
    sha256: await hashFile(path),
    sampleSha256: await hashSample(path, sizeBytes),
  };
  writeFileSync(join(folder, MANIFEST_FILE), JSON.stringify(change({ ...manifest, files: [entry] })));
  return folder;
}

function changeByte(folder: string, position: number): void {
  const file = openSync(join(folder, 'weights.data'), 'r+');
  writeSync(file, '!', position);
  closeSync(file);
}

describe('readManifest', () => {
  it('gives the manifest of a sound model', async () => {
    const folder = await makeModel(1000);
    for (const whole of [false, true]) {
      expect(await readManifest(folder, whole)).toMatchObject({ paliVersion: '1.2.3', dtype: 'fp32' });
    }
  });

  it('finds one changed byte anywhere in a file', async () => {
    for (const position of [0, 500, 999]) {
      const folder = await makeModel(1000);
      changeByte(folder, position);
      const read = readManifest(folder);
      await expect(read).rejects.toMatchObject({ code: 'MODEL_DAMAGED', exitCode: 6 });
      await expect(read).rejects.toThrow('its content has changed');
    }
  });

  it('finds a file of the wrong size, or none', async () => {
    const short = await makeModel(1000);
    truncateSync(join(short, 'weights.data'), 999);
    await expect(readManifest(short)).rejects.toThrow('it has 999 bytes and should have 1000');
    const gone = await makeModel(1000);
    rmSync(join(gone, 'weights.data'));
    await expect(readManifest(gone)).rejects.toThrow('weights.data: it is missing');
  });

  it('samples a large file, both ends included, and reads it whole when asked', async () => {
    const sizeBytes = 65 * 2 ** 20;
    for (const position of [0, sizeBytes - 1]) {
      const folder = await makeModel(sizeBytes);
      changeByte(folder, position);
      await expect(readManifest(folder)).rejects.toThrow('its content has changed');
    }
    // Between the first two blocks of the sample.
    const folder = await makeModel(sizeBytes);
    changeByte(folder, 500_000);
    await expect(readManifest(folder)).resolves.toBeDefined();
    await expect(readManifest(folder, true)).rejects.toThrow('its content has changed');
  });
});

describe('parseManifest', () => {
  it('says that a folder without one holds no model', async () => {
    await expect(parseManifest(join(root, 'nowhere'))).rejects.toMatchObject({
      code: 'MODEL_MISSING',
      exitCode: 4,
    });
  });

  it.each<[string, (value: Record<string, unknown>) => object, string]>([
    ['another version', (m) => ({ ...m, schemaVersion: 3 }), 'schemaVersion'],
    ['an unknown dtype', (m) => ({ ...m, dtype: 'int3' }), 'dtype'],
    ['no spec', ({ spec: _spec, ...m }) => m, 'spec'],
    [
      'a size that is text',
      (m) => ({ ...m, spec: { ...manifest.spec, text: { layers: '3' } } }),
      'spec.text',
    ],
    ...['../x', '/etc/passwd', 'a/b', ''].map(
      (path): [string, (value: Record<string, unknown>) => object, string] => [
        `the file name ${JSON.stringify(path)}`,
        (m) => ({ ...m, files: [{ ...(m.files as ManifestFile[])[0], path }] }),
        'files.0.path',
      ],
    ),
    ...['../x.onnx', '/etc/x.onnx'].map(
      (path): [string, (value: Record<string, unknown>) => object, string] => [
        `the graph ${JSON.stringify(path)}`,
        (m) => ({ ...m, graphs: { ...manifest.graphs, vision: { cpu: path } } }),
        'graphs.vision.cpu',
      ],
    ),
    [
      'an embedding outside the folder',
      (m) => ({ ...m, embedding: { file: '../x', dtype: 'F32' } }),
      'embedding.file',
    ],
    [
      'a negative size',
      (m) => ({ ...m, files: [{ ...(m.files as ManifestFile[])[0], sizeBytes: -1 }] }),
      'files.0.sizeBytes',
    ],
  ])('refuses %s', async (_, change, field) => {
    const read = parseManifest(await makeModel(10, (value) => change(value as Record<string, unknown>)));
    await expect(read).rejects.toMatchObject({ code: 'MODEL_DAMAGED' });
    await expect(read).rejects.toThrow(field);
  });

  it('refuses what is no JSON', async () => {
    const folder = await makeModel(10);
    const path = join(folder, MANIFEST_FILE);
    writeFileSync(path, readFileSync(path, 'utf8').slice(0, 100));
    await expect(parseManifest(folder)).rejects.toThrow('it is not JSON');
  });

  it.each<[string, (value: Spoilt) => unknown]>([
    ['the type of the embedding', (value) => (value.embedding.dtype = 'F16')],
    ['a size', (value) => (value.spec.text.heads = 2)],
    ['a token', (value) => (value.spec.tokens.eos = 5)],
    ['a number of the probe', (value) => (value.probe = undefined)],
  ])('is damaged when %s was changed in it', async (_, change) => {
    const folder = join(root, `checked-${count++}`);
    mkdirSync(folder);
    const probe = { promptIds: [2], forcedIds: [], steps: [], cpuStepMs: 1 };
    const text = addChecksum({ ...manifest, probe, files: [] });
    const path = join(folder, MANIFEST_FILE);
    // Spaces and the order of fields mean nothing.
    const value = JSON.parse(text) as Spoilt;
    writeFileSync(path, JSON.stringify(Object.fromEntries(Object.entries(value).reverse())));
    await expect(parseManifest(folder)).resolves.toBeDefined();
    change(value);
    writeFileSync(path, JSON.stringify(value));
    await expect(parseManifest(folder)).rejects.toThrow('its content has changed');
  });
});
