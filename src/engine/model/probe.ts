import type { Device } from '../../base/dtype.js';
import { EngineError } from '../../base/errors.js';
import type { ModelProbe } from '../../base/model-manifest.js';
import type { ModelSpec } from '../../base/model-spec.js';
import type { LoadedModel, StepLogits } from './loaded-model.js';

/** Text tokens of the probe prompt; no picture, so that it takes a fraction of a second on any CPU. */
const PROMPT_TOKENS = 24;
const FORCED_TOKENS = 3;
/** Best logits compared at each step. */
const COMPARED_LOGITS = 8;
/** Image features compared. */
const COMPARED_FEATURES = 64;
/** A picture of more than 448 px takes the CPU too long to probe (896 px: minutes). */
const LARGEST_PROBED_SIDE = 448;
/**
 * Largest relative RMS difference of logits and features. int4 on the CPU rounds activations to 8 bits (1.2e-2
 * over two layers, measured), float16 gives 4e-3; wrong kernels gave 1e-1 and more.
 */
const TOLERANCE = 0.06;
/** A device may take twice the CPU's time for a token: its prefill is faster by more than that. */
const SLOWEST_SHARE = 2;

/**
 * Answer the probe prompt and encode the probe picture.
 * @throws {EngineError} the numbers are not finite.
 */
export async function runProbe(model: LoadedModel): Promise<ModelProbe> {
  const { promptIds, forcedIds } = chooseIds(model.spec);
  const { steps, stepMs } = await answer(model, promptIds, forcedIds);
  const features = await encodeProbePicture(model);
  const values = [...steps.flatMap((step) => step.topValues), ...(features ?? []).map(([, value]) => value)];
  if (!values.every((value) => Number.isFinite(value))) {
    throw new EngineError('NOT_FINITE', 'The converted model gives numbers that are not finite.', {
      hint: 'The checkpoint may be damaged: compare its sha256 with the one on the hub.',
    });
  }
  const recorded = steps.map(({ topIds, topValues, logSumExp }) => ({ topIds, topValues, logSumExp }));
  return { promptIds, forcedIds, steps: recorded, ...(features ? { features } : {}), cpuStepMs: stepMs };
}

/**
 * Compare a device with the numbers that the CPU gave. @param mustBeFast compare its speed with the CPU's, too.
 * @throws {EngineError} they differ by more than rounding, or it is much slower.
 */
export async function checkProbe(
  model: LoadedModel,
  probe: ModelProbe,
  device: Device,
  mustBeFast: boolean,
): Promise<void> {
  const { steps, stepMs } = await answer(model, probe.promptIds, probe.forcedIds);
  const logits = relativeDifference(
    steps.flatMap((step, index) => logitsOf(step, probe.steps[index].topIds)),
    probe.steps.flatMap((step) => step.topValues),
  );
  const features = probe.features
    ? relativeDifference(
        (await encodeProbePicture(model))!.map(([, value]) => value),
        probe.features.map(([, value]) => value),
      )
    : 0;
  if (logits <= TOLERANCE && features <= TOLERANCE) {
    if (!mustBeFast || stepMs <= SLOWEST_SHARE * probe.cpuStepMs) return;
    throw new EngineError(
      'DEVICE_SLOW',
      `A token takes ${stepMs.toFixed(0)} ms on ${device} and ${probe.cpuStepMs.toFixed(0)} ms on the CPU.`,
      { hint: 'The graphics driver may be a software renderer.' },
    );
  }
  const worst = Math.max(logits, features);
  const size = Number.isFinite(worst) ? `differ by ${(worst * 100).toFixed(0)} %` : 'are not finite';
  throw new EngineError(
    'SELF_TEST_FAILED',
    `The self-test failed on ${device}: its numbers ${size} from the CPU's.`,
    {
      hint: 'Use --device cpu, and try a newer driver.',
    },
  );
}

interface AnsweredStep {
  readonly topIds: number[];
  readonly topValues: number[];
  readonly logSumExp: number;
}

async function answer(
  model: LoadedModel,
  promptIds: readonly number[],
  forcedIds: readonly number[],
): Promise<{ steps: (AnsweredStep & { readonly all: StepLogits })[]; stepMs: number }> {
  const { sequence, logits } = await model.prefill([], promptIds, forcedIds.length);
  try {
    const steps = [describeStep(logits)];
    const times: number[] = [];
    for (const token of forcedIds) {
      const startedAt = performance.now();
      const [next] = await model.step([{ sequence, token }]);
      times.push(performance.now() - startedAt);
      steps.push(describeStep(next));
    }
    return { steps, stepMs: Math.min(...times) };
  } finally {
    model.release(sequence);
  }
}

function describeStep(all: StepLogits): AnsweredStep & { readonly all: StepLogits } {
  return {
    topIds: [...all.topIds.subarray(0, COMPARED_LOGITS)],
    topValues: [...all.topValues.subarray(0, COMPARED_LOGITS)],
    logSumExp: all.logSumExp,
    all,
  };
}

/** This device's logits of the given ids; an id outside its best 64 counts as 0. */
function logitsOf(step: { readonly all: StepLogits }, ids: readonly number[]): number[] {
  return ids.map((id) => {
    const at = step.all.topIds.indexOf(id);
    return at < 0 ? 0 : step.all.topValues[at];
  });
}

/** Ordinary tokens, spread over the vocabulary: the answer means nothing, the arithmetic is the same. */
function chooseIds({ tokens, text }: ModelSpec): { promptIds: number[]; forcedIds: number[] } {
  const ordinary = Math.min(tokens.firstLoc, text.vocabSize);
  const pick = (i: number): number => (i * 7919 + 11) % ordinary;
  return {
    promptIds: [tokens.bos, ...Array.from({ length: PROMPT_TOKENS }, (_, i) => pick(i))],
    forcedIds: Array.from({ length: FORCED_TOKENS }, (_, i) => pick(PROMPT_TOKENS + i)),
  };
}

/** Features of a picture of colour ramps and stripes; undefined when the tower is too slow to probe. */
async function encodeProbePicture(model: LoadedModel): Promise<[number, number][] | undefined> {
  const side = model.spec.vision.imageSize;
  if (side > LARGEST_PROBED_SIDE) return undefined;
  const pixels = new Float32Array(3 * side * side);
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      pixels[y * side + x] = (2 * x) / side - 1;
      pixels[(side + y) * side + x] = (2 * y) / side - 1;
      pixels[(2 * side + y) * side + x] = (x >> 3) & 1 ? 0.7 : -0.7;
    }
  }
  const features = await model.encodeImage(pixels);
  const stride = Math.max(1, Math.floor(features.length / COMPARED_FEATURES));
  return Array.from({ length: Math.min(COMPARED_FEATURES, features.length) }, (_, i) => [
    i * stride,
    features[i * stride],
  ]);
}

/** RMS of the differences over RMS of the expected values. */
function relativeDifference(actual: readonly number[], expected: readonly number[]): number {
  let difference = 0;
  let size = 0;
  expected.forEach((value, index) => {
    difference += (actual[index] - value) ** 2;
    size += value ** 2;
  });
  return Math.sqrt(difference / size);
}
