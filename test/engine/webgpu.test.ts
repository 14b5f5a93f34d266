import { fork } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { fixturePath } from '../../fixtures/index.js';
import type { Device, Dtype } from '../../src/base/dtype.js';
import { MANIFEST_FILE, type ModelManifest } from '../../src/base/model-manifest.js';
import { loadModel } from '../../src/engine/model/load-model.js';
import { recordProbe } from '../../src/engine/model/record-probe.js';
import { loadTokenizer } from '../../src/tokens/load-tokenizer.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { compareWithReference, tolerances } from '../support/reference/compare-with-reference.js';
import { convertFixture } from '../support/reference/convert-fixture.js';
import { decodeGreedily, type GreedyAnswer } from '../support/reference/decode-greedily.mjs';
import {
  countMatches,
  type GoldenPrompt,
  readBoxes,
  readGoldenPrompts,
} from '../support/reference/demo-golden.js';
import { largestDifference } from '../support/reference/largest-difference.js';
import { readPixels, readReferenceLines, referencePicture } from '../support/reference/reference-golden.js';
import { addChecksum } from '../../src/base/model-files/manifest-checksum.js';

/*
 * The GPU's graphs and decoder on WebGPU, through SwiftShader: a Vulkan driver in software, which comes with
 * Chromium. Slow, so there are few prompts.
 */

/** The driver's description; Debian's chromium puts it there. */
const driver = process.env.VK_ICD_FILENAMES ?? '/usr/lib/chromium/vk_swiftshader_icd.json';
const hasDriver = existsSync(driver);
const folder = temporaryFolder();
/** Steps answered: past pg2-tiny's window of 24 positions, whose prompts have 20. */
const STEPS = 10;
const TOGETHER = 3;
/** A load compiles every shader in software. */
const TIMEOUT_MS = 400_000;

interface DeviceRun {
  readonly modelFolder: string;
  readonly device: Device;
  readonly together: number;
  readonly prompts: readonly {
    readonly pictures: readonly string[];
    readonly ids: readonly number[];
    readonly maxNewTokens: number;
  }[];
}

/** What webgpu-run.mjs sends back: of each prompt's first picture 4096 features, and the answers; or an error. */
interface DeviceOutcome {
  readonly features: number[][];
  readonly answers: GreedyAnswer[];
  readonly error?: { readonly code?: string; readonly message: string };
}

/** Run a model in a process of its own. */
function runOnDevice(run: DeviceRun): Promise<DeviceOutcome> {
  return new Promise((resolve, reject) => {
    const child = fork(fileURLToPath(new URL('../support/reference/webgpu-run.mjs', import.meta.url)), {
      env: { ...process.env, VK_ICD_FILENAMES: driver, XDG_RUNTIME_DIR: folder },
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      execArgv: [],
      timeout: TIMEOUT_MS,
    });
    let stderr = '';
    child.stderr!.on('data', (data: Buffer) => (stderr += data.toString()));
    child.once('message', (outcome) => resolve(outcome as DeviceOutcome));
    child.once('exit', (code, signal) => {
      reject(new Error(`the process ended with ${signal ?? code}: ${stderr.slice(-2000)}`));
    });
    child.send(run);
  });
}

/** A converted model with its probe. */
async function makeModel(checkpoint: string, name: string, dtype: Dtype): Promise<string> {
  const modelFolder = join(folder, name);
  await convertFixture(checkpoint, modelFolder, dtype);
  await recordProbe(modelFolder);
  return modelFolder;
}

/** The first lines of a reference, as prompts; the answers end at different steps. */
function referenceRun(modelFolder: string, golden: string, count: number): DeviceRun {
  const prompts = readReferenceLines(golden)
    .slice(0, count)
    .map((line, index) => ({
      pictures: line.images.map(referencePicture),
      ids: line.input_ids.slice(line.image_tokens),
      maxNewTokens: Math.min(line.steps.ids.length, STEPS - 2 * (index % 3)),
    }));
  return { modelFolder, device: 'webgpu', together: TOGETHER, prompts };
}

const title = hasDriver ? 'WebGPU' : `WebGPU (skipped: no SwiftShader at ${driver})`;

it.runIf(process.env.CI === 'true')('has SwiftShader to test WebGPU with', () => {
  expect(hasDriver, `${driver} is missing: install chromium`).toBe(true);
});

describe.skipIf(!hasDriver)(title, { timeout: TIMEOUT_MS }, () => {
  it.each([
    { checkpoint: 'pg1-tiny', tolerance: tolerances.paligemma },
    { checkpoint: 'pg2-tiny', tolerance: tolerances.paligemma2 },
  ])('gives the reference answers of $checkpoint, three together', async ({ checkpoint, tolerance }) => {
    const modelFolder = await makeModel(fixturePath('checkpoints', checkpoint), checkpoint, 'fp32');
    const run = referenceRun(modelFolder, checkpoint, 5);
    const { error, features, answers } = await runOnDevice(run);
    expect(error).toBeUndefined();
    readReferenceLines(checkpoint)
      .slice(0, 5)
      .forEach((line, index) => {
        const { first8 } = line.image_features;
        expect(largestDifference(features[index].slice(0, 8), first8)).toBeLessThan(tolerance.features);
        const steps = run.prompts[index].maxNewTokens;
        const comparison = compareWithReference(line, answers[index], tolerance.tie, steps);
        expect(comparison.wrongAt, line.id).toBeUndefined();
        expect(comparison.logits, line.id).toBeLessThan(tolerance.logits);
        expect(comparison.logSumExp, line.id).toBeLessThan(tolerance.logits);
      });
  });

  it('decodes in float32 where the adapter has no float16', async () => {
    const modelFolder = await makeModel(fixturePath('checkpoints', 'pg1-tiny'), 'half', 'fp16');
    const manifest = readManifestObject(modelFolder);
    expect(Object.keys(manifest.graphs.decoder)).toContain('webgpu-f16');
    const run = referenceRun(modelFolder, 'pg1-tiny', 2);
    const { error, answers } = await runOnDevice(run);
    expect(error).toBeUndefined();
    const expected = await answerOnCpu(run);
    answers.forEach((answer, index) => {
      // The same float16 weights and float32 sums: what counts as equal is what it is for fp32.
      const first = expected[index].steps[0];
      const ours = first.topIds
        .slice(0, 20)
        .map((id) => answer.steps[0].topValues[answer.steps[0].topIds.indexOf(id)]);
      expect(largestDifference(ours, first.topValues.slice(0, 20))).toBeLessThan(tolerances.paligemma.logits);
    });
  });

  it('refuses a device whose numbers are not those of the CPU', async () => {
    const modelFolder = await makeModel(fixturePath('checkpoints', 'pg1-tiny'), 'tampered', 'fp32');
    const manifest = readManifestObject(modelFolder);
    const steps = manifest.probe!.steps.map((step) => ({
      ...step,
      topValues: step.topValues.map((value) => value * 1.1),
    }));
    writeFileSync(
      join(modelFolder, MANIFEST_FILE),
      addChecksum({ ...manifest, probe: { ...manifest.probe, steps } }),
    );
    const { error } = await runOnDevice({ modelFolder, device: 'webgpu', together: 1, prompts: [] });
    expect(error).toMatchObject({ code: 'SELF_TEST_FAILED' });
    expect(error!.message).toContain('webgpu');
  });

  it('refuses a dtype that has no graphs for it', async () => {
    const modelFolder = await makeModel(fixturePath('checkpoints', 'pg1-tiny'), 'int8', 'int8');
    const { error } = await runOnDevice({ modelFolder, device: 'webgpu', together: 1, prompts: [] });
    expect(error).toMatchObject({ code: 'DTYPE_UNFIT' });
  });

  it('answers as the demo model does in fp32', async () => {
    const modelFolder = join(folder, 'demo-fp32');
    await convertFixture(fixturePath('demo'), modelFolder, 'fp32');
    await recordProbe(modelFolder);
    const prompts = chooseGolden();
    expect(Math.min(...prompts.flatMap(({ margins }) => margins))).toBeGreaterThan(0.002);
    const { error, answers } = await runOnDevice(goldenRun(modelFolder, prompts));
    expect(error).toBeUndefined();
    expect(answers.map(({ ids }) => ids)).toEqual(prompts.map(({ output_ids }) => output_ids));
  });

  it('finds what the CPU finds with the demo model in int4', async () => {
    const modelFolder = await makeModel(fixturePath('demo'), 'demo-int4', 'int4');
    const run = goldenRun(modelFolder, [chooseGolden()[0]]);
    const { error, answers } = await runOnDevice(run);
    expect(error).toBeUndefined();
    const expected = await answerOnCpu(run);
    const tokenizer = await loadTokenizer(fixturePath('demo'));
    const [found, wanted] = [answers, expected].map(([{ ids }]) =>
      readBoxes(ids, tokenizer.tokens.eos, tokenizer),
    );
    // Activations are rounded at other places: coordinates move by a few of 1024 bins, objects stay.
    expect(wanted.length).toBeGreaterThan(0);
    expect(found).toHaveLength(wanted.length);
    expect(countMatches(found, wanted)).toBe(wanted.length);
  });
});

function readManifestObject(modelFolder: string): ModelManifest {
  return JSON.parse(readFileSync(join(modelFolder, MANIFEST_FILE), 'utf8')) as ModelManifest;
}

/**
 * Golden prompts about one picture, since software takes 10 s to encode one: a detection that finds something
 * and a caption, short and as far from ties as there are.
 */
function chooseGolden(): readonly [GoldenPrompt, GoldenPrompt] {
  const short = readGoldenPrompts().filter(
    ({ pictures, output_ids }) => pictures.length === 1 && output_ids.length > 2 && output_ids.length <= 12,
  );
  const captions = short.filter(({ task }) => task === 'caption_en');
  const pairs = short
    .filter(({ task }) => task === 'detect')
    .flatMap((detect) =>
      captions
        .filter(({ pictures }) => pictures[0] === detect.pictures[0])
        .map((caption) => [detect, caption] as const),
    );
  const clearness = (pair: readonly GoldenPrompt[]): number =>
    Math.min(...pair.flatMap(({ margins }) => margins));
  return pairs.reduce((best, pair) => (clearness(pair) > clearness(best) ? pair : best));
}

function goldenRun(modelFolder: string, prompts: readonly GoldenPrompt[]): DeviceRun {
  return {
    modelFolder,
    device: 'webgpu',
    together: TOGETHER,
    prompts: prompts.map(({ pictures, tail_ids, output_ids }) => ({
      pictures: pictures.map((picture) => fixturePath('golden', picture)),
      ids: tail_ids,
      maxNewTokens: output_ids.length + 4,
    })),
  };
}

async function answerOnCpu({ modelFolder, prompts }: DeviceRun): Promise<GreedyAnswer[]> {
  const { model } = await loadModel({ modelFolder, device: 'cpu' });
  const list = [];
  for (const { pictures, ids, maxNewTokens } of prompts) {
    const pixels = await readPixels(pictures[0], model.spec.vision.imageSize);
    list.push({ features: [await model.encodeImage(pixels)], ids, maxNewTokens });
  }
  const answers = await decodeGreedily(model, list);
  await model.close();
  return answers;
}
