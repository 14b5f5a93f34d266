import { join } from 'node:path';
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { fixturePath } from '../../../fixtures/index.js';
import { MANIFEST_FILE, type ModelManifest, type ModelProbe } from '../../../src/base/model-manifest.js';
import { EmbeddingRows } from '../../../src/engine/model/embedding-rows.js';
import { loadModel } from '../../../src/engine/model/load-model.js';
import type { LoadedModel, StepLogits } from '../../../src/engine/model/loaded-model.js';
import { checkProbe, runProbe } from '../../../src/engine/model/probe.js';
import { recordProbe } from '../../../src/engine/model/record-probe.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { convertFixture } from '../../support/reference/convert-fixture.js';
import { readSafetensors } from '../../support/reference/safetensors.js';

const folder = temporaryFolder();
const modelFolder = join(folder, 'model');
let model: LoadedModel;
let probe: ModelProbe;

beforeAll(async () => {
  await convertFixture(fixturePath('checkpoints', 'pg1-tiny'), modelFolder);
  probe = await recordProbe(modelFolder);
  model = (await loadModel({ modelFolder, device: 'cpu' })).model;
  return () => model.close();
});

/** The model, with logits or features that are changed on their way. */
function spoiled(change: {
  logits?: (value: number) => number;
  features?: (value: number) => number;
}): LoadedModel {
  const spoil = (logits: StepLogits): StepLogits => ({
    ...logits,
    topValues: logits.topValues.map(change.logits ?? ((value) => value)),
  });
  return {
    spec: model.spec,
    maxSequences: 1,
    canStart: () => true,
    encodeImage: async (pixels) =>
      (await model.encodeImage(pixels)).map(change.features ?? ((value) => value)),
    prefill: async (...parameters) => {
      const { sequence, logits } = await model.prefill(...parameters);
      return { sequence, logits: spoil(logits) };
    },
    step: async (rows) => (await model.step(rows)).map(spoil),
    tokensPerRun: 1,
    extend: async (rows) => (await model.extend(rows)).map((row) => row.map(spoil)),
    shorten: (sequence, count) => model.shorten(sequence, count),
    release: (sequence) => model.release(sequence),
    close: async () => undefined,
  };
}

describe('the self-test', () => {
  it('is recorded in the manifest and leaves the rest of it alone', () => {
    const manifest = JSON.parse(readFileSync(join(modelFolder, MANIFEST_FILE), 'utf8')) as ModelManifest;
    expect(manifest.probe).toEqual(probe);
    expect(manifest.files.length).toBeGreaterThan(5);
    expect(probe.steps).toHaveLength(probe.forcedIds.length + 1);
    expect(probe.features).toHaveLength(64);
    expect(probe.cpuStepMs).toBeGreaterThan(0);
  });

  it('gives the same numbers again', async () => {
    const again = await runProbe(model);
    expect({ ...again, cpuStepMs: 0 }).toEqual({ ...probe, cpuStepMs: 0 });
    await expect(checkProbe(model, probe, 'webgpu', false)).resolves.toBeUndefined();
  });

  it('lets rounding pass', async () => {
    const rounding = spoiled({ logits: (value) => value * 1.02, features: (value) => value * 0.98 });
    await expect(checkProbe(rounding, probe, 'webgpu', false)).resolves.toBeUndefined();
  });

  it.each([
    { what: 'wrong logits', change: { logits: (value: number) => value * 0.9 }, says: 'differ by 10 %' },
    { what: 'wrong features', change: { features: (value: number) => value + 0.2 }, says: 'differ by' },
    { what: 'logits that are no numbers', change: { logits: () => NaN }, says: 'are not finite' },
    { what: 'features that are no numbers', change: { features: () => NaN }, says: 'are not finite' },
    { what: 'endless logits', change: { logits: () => Infinity }, says: 'are not finite' },
  ])('refuses $what', async ({ change, says }) => {
    const checked = checkProbe(spoiled(change), probe, 'cuda', false);
    await expect(checked).rejects.toMatchObject({ code: 'SELF_TEST_FAILED', exitCode: 7 });
    await expect(checked).rejects.toThrow(`The self-test failed on cuda: its numbers ${says}`);
  });

  it('refuses a device that is slower than the CPU, unless it was asked for', async () => {
    const quick = { ...probe, cpuStepMs: 0 };
    const slow = { ...probe, cpuStepMs: 1e9 };
    await expect(checkProbe(model, quick, 'webgpu', true)).rejects.toMatchObject({ code: 'DEVICE_SLOW' });
    await expect(checkProbe(model, quick, 'webgpu', false)).resolves.toBeUndefined();
    await expect(checkProbe(model, slow, 'webgpu', true)).resolves.toBeUndefined();
  });

  it('records no numbers that are none', async () => {
    await expect(runProbe(spoiled({ features: () => NaN }))).rejects.toMatchObject({ code: 'NOT_FINITE' });
  });
});

describe('a loaded model', () => {
  it('refuses a prompt that is longer than its positions', async () => {
    await expect(model.prefill([], [2, 4], 8192)).rejects.toMatchObject({ code: 'PROMPT_TOO_LONG' });
  });

  it('refuses a token that it does not have', async () => {
    await expect(model.prefill([], [2, 2432], 1)).rejects.toMatchObject({ code: 'TOKEN_UNKNOWN' });
    await expect(model.prefill([], [-1], 1)).rejects.toMatchObject({ code: 'TOKEN_UNKNOWN' });
  });

  it('takes eight sequences at once, and one more when one has ended', async () => {
    const started = [];
    while (model.canStart(2, 1)) started.push((await model.prefill([], [2, 4], 1)).sequence);
    expect(started).toHaveLength(model.maxSequences);
    model.release(started[3]);
    expect(model.canStart(2, 1)).toBe(true);
    for (const sequence of started.filter((_, index) => index !== 3)) model.release(sequence);
  });
});

describe('EmbeddingRows', () => {
  it('gives rows of the table times the square root of the width', () => {
    const table = readSafetensors(fixturePath('checkpoints', 'pg1-tiny/model.safetensors')).get(
      'language_model.model.embed_tokens.weight',
    )!;
    const values = new Float32Array(Uint8Array.from(table.bytes).buffer);
    const rows = new EmbeddingRows(join(modelFolder, 'embedding.data'), 'F32', 2432, 96);
    const target = new Float32Array(96);
    for (const id of [0, 7, 2431]) {
      rows.read(id, target);
      const expected = values
        .slice(id * 96, (id + 1) * 96)
        .map((value) => value * Math.fround(Math.sqrt(96)));
      expect(target).toEqual(expected);
    }
    expect(() => rows.read(0.5, target)).toThrow('outside');
    rows.close();
  });

  it('says when the file ends too early', () => {
    const rows = new EmbeddingRows(join(modelFolder, 'embedding.data'), 'F32', 5000, 96);
    expect(() => rows.read(4999, new Float32Array(96))).toThrow('The embedding file ends too early.');
    rows.close();
  });
});
