import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fixturePath } from '../../../fixtures/index.js';
import { loadModel } from '../../../src/engine/model/load-model.js';
import { loadTokenizer } from '../../../src/tokens/load-tokenizer.js';
import { applyAdapter } from '../../../src/weights/adapter/apply-adapter.js';
import { convertCheckpoint } from '../../../src/weights/convert/convert-checkpoint.js';
import { openCheckpoint } from '../../../src/weights/checkpoint/open-checkpoint.js';
import { readAdapter } from '../../../src/weights/adapter/read-adapter.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { compareWithReference, tolerances } from '../../support/reference/compare-with-reference.js';
import { decodeGreedily } from '../../support/reference/decode-greedily.mjs';
import {
  readPixels,
  readReferenceLines,
  referencePicture,
} from '../../support/reference/reference-golden.js';
import { readSafetensors, writeSafetensors, type RawTensor } from '../../support/reference/safetensors.js';

const folder = temporaryFolder();
const base = fixturePath('checkpoints', 'pg1-tiny');
let copies = 0;

type Fields = Record<string, unknown>;

/** A copy of the adapter `lora` with other fields and tensors. */
function changedAdapter(
  fields: Fields,
  change: (tensors: Map<string, RawTensor>) => void = () => undefined,
  from = 'lora',
): string {
  const copy = join(folder, `adapter-${copies++}`);
  cpSync(fixturePath('adapters', from), copy, { recursive: true });
  const config = JSON.parse(readFileSync(join(copy, 'adapter_config.json'), 'utf8')) as Fields;
  writeFileSync(join(copy, 'adapter_config.json'), JSON.stringify({ ...config, ...fields }));
  const tensors = readSafetensors(join(copy, 'adapter_model.safetensors'));
  change(tensors);
  writeSafetensors(join(copy, 'adapter_model.safetensors'), tensors);
  return copy;
}

function floats(values: Float32Array, shape: readonly number[]): RawTensor {
  return { dtype: 'F32', shape, bytes: new Uint8Array(values.buffer) };
}

/** All rows of one tensor of the merged checkpoint, and of the plain one. */
async function mergeOne(adapterFolder: string, name: string): Promise<[Float32Array, Float32Array, boolean]> {
  const plain = await openCheckpoint(base);
  const { checkpoint, isHeadTied } = applyAdapter(plain, await readAdapter(adapterFolder), true);
  const rows = (from: typeof plain): Promise<Float32Array> => {
    const tensor = from.tensors.get(name)!;
    return tensor.readRows(0, tensor.shape[0]);
  };
  const result: [Float32Array, Float32Array, boolean] = [
    await rows(checkpoint),
    plain.tensors.has(name) ? await rows(plain) : new Float32Array(),
    isHeadTied,
  ];
  await checkpoint.close();
  return result;
}

async function refusal(adapterFolder: string): Promise<string> {
  const plain = await openCheckpoint(base);
  try {
    const adapter = await readAdapter(adapterFolder);
    try {
      applyAdapter(plain, adapter, true);
    } finally {
      await adapter.close();
    }
  } catch (error) {
    return (error as Error).message;
  } finally {
    await plain.close();
  }
  return 'no refusal';
}

const largest = (a: Float32Array, b: Float32Array): number =>
  a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i])), 0);

describe('a merged adapter', () => {
  it.each([
    { adapter: 'lora', golden: 'pg1-tiny+lora' },
    { adapter: 'lora-names-v4.52', golden: 'pg1-tiny+lora' },
    { adapter: 'lora-names-hub', golden: 'pg1-tiny+lora' },
    { adapter: 'rslora', golden: 'pg1-tiny+rslora' },
    { adapter: 'dora', golden: 'pg1-tiny+dora' },
  ])('$adapter answers as PEFT', async ({ adapter, golden }) => {
    const targetFolder = join(folder, `model-${adapter}`);
    await convertCheckpoint({
      sourceFolder: base,
      targetFolder,
      dtype: 'fp32',
      tokens: (await loadTokenizer(base)).tokens,
      paliVersion: '0.0.0',
      source: { path: base },
      adapterFolder: fixturePath('adapters', adapter),
    });
    const { model } = await loadModel({ modelFolder: targetFolder, device: 'cpu', threads: 2 });
    const lines = readReferenceLines(golden);
    expect(lines).toHaveLength(6);
    let steps = 0;
    for (const line of lines) {
      const pixels = await readPixels(referencePicture(line.images[0]), model.spec.vision.imageSize);
      const [answer] = await decodeGreedily(model, [
        {
          features: [await model.encodeImage(pixels)],
          ids: line.input_ids.slice(line.image_tokens),
          maxNewTokens: line.steps.ids.length,
        },
      ]);
      const comparison = compareWithReference(line, answer, tolerances.paligemma.tie);
      expect(comparison.wrongAt, line.id).toBeUndefined();
      expect(comparison.logits, line.id).toBeLessThan(tolerances.paligemma.logits);
      expect(comparison.logSumExp, line.id).toBeLessThan(tolerances.paligemma.logits);
      steps += comparison.steps;
    }
    expect(steps).toBeGreaterThan(50);
    await model.close();
  });

  it('takes rank and alpha of a layer from the patterns', async () => {
    const name = 'language_model.layers.1.self_attn.q_proj.weight';
    const [usual, plain] = await mergeOne(changedAdapter({}), name);
    const doubled = changedAdapter({ alpha_pattern: { 'layers.1.self_attn.q_proj': 16 } });
    const [twice] = await mergeOne(doubled, name);
    const expected = plain.map((value, i) => value + 2 * (usual[i] - value));
    expect(largest(usual, plain)).toBeGreaterThan(1e-3);
    expect(largest(twice, expected)).toBeLessThan(1e-6);
    const wrongRank = changedAdapter({ rank_pattern: { 'layers.[0-9]+.mlp.gate_proj': 8 } });
    expect(await refusal(wrongRank)).toContain('[8, 96] would fit');
  });

  it('takes target modules as a pattern, with the names of any version', async () => {
    const patterns = [
      '.*\\.(q_proj|v_proj|gate_proj)',
      'model\\.(vision_tower|language_model)\\..*(?P<end>q_proj|v_proj|gate_proj)$',
      '(vision_tower\\.vision_model|language_model\\.model)\\..*_(proj)(?<!k_proj)(?<!o_proj)(?<!t_proj)(?<!up_proj)(?<!down_proj)',
    ];
    for (const target_modules of patterns)
      expect(await refusal(changedAdapter({ target_modules }))).toBe('no refusal');
  });

  it('puts saved modules in place of the base model', async () => {
    const bias = new Float32Array(96).fill(0.25);
    const weight = new Float32Array(96 * 72).fill(0.5);
    const adapter = changedAdapter({ modules_to_save: ['multi_modal_projector'] }, (tensors) => {
      tensors.set('base_model.model.model.multi_modal_projector.linear.weight', floats(weight, [96, 72]));
      tensors.set('base_model.model.model.multi_modal_projector.linear.bias', floats(bias, [96]));
    });
    const [merged] = await mergeOne(adapter, 'multi_modal_projector.linear.weight');
    expect(merged).toEqual(weight);
  });

  it('changes the embedding table and leaves the head as it was', async () => {
    const [rank, rows, width] = [4, 2432, 96];
    const a = Float32Array.from({ length: rank * rows }, (_, i) => Math.sin(i));
    const b = Float32Array.from({ length: width * rank }, (_, i) => Math.cos(i));
    const adapter = changedAdapter(
      { target_modules: ['q_proj', 'v_proj', 'gate_proj', 'embed_tokens'] },
      (tensors) => {
        const name = 'base_model.model.model.language_model.embed_tokens';
        tensors.set(`${name}.lora_embedding_A`, floats(a, [rank, rows]));
        tensors.set(`${name}.lora_embedding_B`, floats(b, [width, rank]));
      },
    );
    const [merged, plain, isHeadTied] = await mergeOne(adapter, 'language_model.embed_tokens.weight');
    const [row, column] = [700, 33];
    let change = 0;
    for (let k = 0; k < rank; k++) change += b[column * rank + k] * a[k * rows + row];
    const at = row * width + column;
    expect(merged[at] - plain[at]).toBeCloseTo(2 * change, 5);
    expect(isHeadTied).toBe(false);
    const [head] = await mergeOne(adapter, 'lm_head.weight');
    expect(largest(head, plain)).toBe(0);
  });
});

describe('an adapter that cannot be merged', () => {
  const name = 'base_model.model.model.language_model.layers.0.self_attn.q_proj.lora_A.weight';

  it.each<{ what: string; fields: Fields; says: string }>([
    { what: 'another kind', fields: { peft_type: 'IA3' }, says: 'its type is IA3' },
    {
      what: 'a base model changed at the start',
      fields: { init_lora_weights: 'pissa_niter_16' },
      says: 'pissa',
    },
    { what: 'a switch that it does not know', fields: { use_qalora: true }, says: 'use_qalora' },
    { what: 'a rank that is none', fields: { r: 0 }, says: 'r:' },
    {
      what: 'other target modules',
      fields: { target_modules: ['q_proj', 'v_proj'] },
      says: 'gate_proj, which',
    },
    {
      what: 'layers without matrices',
      fields: { target_modules: ['q_proj', 'v_proj', 'gate_proj', 'up_proj'] },
      says: 'up_proj, for which there are no matrices',
    },
    {
      what: 'saved modules that are not there',
      fields: { modules_to_save: ['lm_head'] },
      says: 'lm_head of modules_to_save is missing',
    },
    {
      what: 'a pattern made to take forever',
      fields: { target_modules: '((.*)*)*x' },
      says: 'takes too long',
    },
    { what: 'a pattern that is none', fields: { target_modules: '(q_proj' }, says: 'cannot be understood' },
  ])('is refused for $what', async ({ fields, says }) => {
    expect(await refusal(changedAdapter(fields))).toContain(says);
  });

  it.each<{ what: string; change: (tensors: Map<string, RawTensor>) => void; says: string }>([
    { what: 'half a pair', change: (tensors) => tensors.delete(name), says: 'one of the two matrices' },
    {
      what: 'a matrix for another model',
      change: (tensors) => tensors.set(name, floats(new Float32Array(4 * 64), [4, 64])),
      says: '[4, 96] would fit',
    },
    {
      what: 'a tensor without a place',
      change: (tensors) =>
        tensors.set('base_model.model.model.score.weight', floats(new Float32Array(2), [2])),
      says: 'which modules_to_save does not name',
    },
    {
      what: 'a layer too many',
      change: (tensors) => {
        for (const part of ['A', 'B']) {
          const tensor = tensors.get(name.replace('lora_A', `lora_${part}`))!;
          tensors.set(name.replace('layers.0', 'layers.77').replace('lora_A', `lora_${part}`), tensor);
        }
      },
      says: 'which the checkpoint does not have',
    },
  ])('is refused for $what', async ({ change, says }) => {
    expect(await refusal(changedAdapter({}, change))).toContain(says);
  });

  it('is refused where a file is missing', async () => {
    const empty = join(folder, 'empty');
    mkdirSync(empty);
    expect(await refusal(empty)).toContain('adapter_config.json is missing');
    const weightless = changedAdapter({});
    rmSync(join(weightless, 'adapter_model.safetensors'));
    expect(await refusal(weightless)).toContain('adapter_model.safetensors is missing');
  });

  it('is refused without DoRA’s magnitudes, or with magnitudes that nobody asked for', async () => {
    const less = changedAdapter({ use_dora: true });
    expect(await refusal(less)).toContain('magnitudes');
    expect(await refusal(changedAdapter({ use_dora: false }, undefined, 'dora'))).toContain(
      'does not use DoRA',
    );
  });
});
