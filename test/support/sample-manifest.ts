import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Dtype } from '../../src/base/dtype.js';
import { addChecksum } from '../../src/base/model-files/manifest-checksum.js';
import type { Pack } from '../../src/base/model-files/pack.js';
import { MANIFEST_FILE, type ModelManifest } from '../../src/base/model-manifest.js';
import { packageVersion } from '../../src/base/package-folder.js';

/** The manifest of a model without files, for tests of what only reads manifests. */
export function sampleManifest(dtype: Dtype): ModelManifest {
  const layers = { hiddenSize: 8, intermediateSize: 16, layers: 1, heads: 1 };
  return {
    schemaVersion: 1,
    paliVersion: packageVersion(),
    createdAt: '2026-01-02T03:04:05.678Z',
    source: { path: '/checkpoints/mine' },
    dtype,
    spec: {
      family: 'paligemma2',
      vision: { ...layers, imageSize: 448, patchSize: 14, layerNormEps: 1e-6 },
      text: {
        ...layers,
        keyValueHeads: 1,
        headDim: 8,
        rmsNormEps: 1e-6,
        ropeTheta: 10000,
        vocabSize: 2048,
        attentionScale: 1,
      },
      tokens: { pad: 0, eos: 1, bos: 2, image: 9, firstLoc: 10, firstSeg: 1034 },
    },
    parts: { vision: { format: 'f32', sizeBytes: 1234 } },
    graphs: { vision: {}, decoder: {} },
    embedding: { file: 'embedding.data', dtype: 'F32' },
    files: [
      { path: 'vision.data', sizeBytes: 1_234_567, sha256: '0'.repeat(64), sampleSha256: '0'.repeat(64) },
    ],
  };
}

/** Put such a manifest into a store. */
export function addSampleModel(store: string, name: string, dtype: Dtype): string {
  const folder = join(store, name, dtype);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, MANIFEST_FILE), JSON.stringify(sampleManifest(dtype)));
  return folder;
}

/** Give a model packed weights of another processor: one small file. */
export function addSamplePack(modelFolder: string): Pack {
  const folder = join(modelFolder, 'packed');
  const content = 'packed here';
  mkdirSync(folder);
  writeFileSync(join(folder, 'decoder.cpu.onnx'), content);
  const sha256 = createHash('sha256').update(content).digest('hex');
  const files = [{ path: 'decoder.cpu.onnx', sizeBytes: content.length, sha256, sampleSha256: sha256 }];
  const pack = {
    schemaVersion: 1,
    isWanted: true,
    runtime: '0.1',
    processor: 'abacus',
    source: 'x',
  } as const;
  const text = addChecksum({ ...pack, graph: 'decoder.cpu.onnx', files });
  writeFileSync(join(folder, 'packed.json'), text);
  return JSON.parse(text) as Pack;
}
