import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { fixturePath } from '../../../fixtures/index.js';
import { readAvailableMemory } from '../../../src/base/machine/available-memory.js';
import { loadModel } from '../../../src/engine/model/load-model.js';
import type { LoadedModel } from '../../../src/engine/model/loaded-model.js';
import type * as OnnxSession from '../../../src/engine/model/onnx-session.js';
import { createSession } from '../../../src/engine/model/onnx-session.js';
import { convertFixture } from '../../support/reference/convert-fixture.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

vi.mock('../../../src/base/machine/available-memory.js', () => ({ readAvailableMemory: vi.fn() }));
vi.mock('../../../src/engine/model/onnx-session.js', async (load) => {
  const real = await load<typeof OnnxSession>();
  return { ...real, createSession: vi.fn(real.createSession) };
});

const ANSWERS = 20;

const folder = temporaryFolder();
const modelFolder = join(folder, 'model');
const create = vi.mocked(createSession);
const { createSession: createReal } = await vi.importActual<typeof OnnxSession>(
  '../../../src/engine/model/onnx-session.js',
);

beforeAll(async () => {
  await convertFixture(fixturePath('demo'), modelFolder, 'int8-int4');
}, 60_000);

beforeEach(() => vi.mocked(readAvailableMemory).mockReturnValue(1e12));
afterEach(() => create.mockReset().mockImplementation(createReal));

/** Features and first logits of the same picture again and again, and the graphs that were opened in between. */
async function answerOften(model: LoadedModel): Promise<{ answers: Set<string>; opened: string[] }> {
  create.mockClear();
  const pixels = Float32Array.from({ length: 3 * model.spec.vision.imageSize ** 2 }, (_, i) => Math.sin(i));
  const answers = new Set<string>();
  for (let i = 0; i < ANSWERS; i++) {
    const features = await model.encodeImage(pixels);
    const { sequence, logits } = await model.prefill([features], [2, 10, 11], 4);
    model.release(sequence);
    answers.add([...features.slice(0, 500), ...logits.topIds, ...logits.topValues, logits.logSumExp].join());
  }
  const opened = create.mock.calls.map(([path, { keepsWeightsMapped = false }]) =>
    keepsWeightsMapped ? `${path} mapped` : path,
  );
  return { answers, opened };
}

it('packs vision tower and decoder for prompts once they have run often, with the same results', async () => {
  const { model } = await loadModel({ modelFolder, device: 'cpu', threads: 2 });
  const loaded = create.mock.calls.filter(([, { keepsWeightsMapped }]) => keepsWeightsMapped);
  expect(loaded.map(([path]) => path)).toEqual([
    join(modelFolder, 'vision.cpu.onnx'),
    join(modelFolder, 'decoder.cpu-prefill.onnx'),
  ]);
  const { answers, opened } = await answerOften(model);
  expect(opened).toEqual([
    join(modelFolder, 'vision.cpu.onnx'),
    join(modelFolder, 'decoder.cpu-prefill.onnx'),
  ]);
  expect(answers.size).toBe(1);
  await model.close();
});

it('leaves the weights mapped where memory is short', async () => {
  vi.mocked(readAvailableMemory).mockReturnValue(1000);
  const { model } = await loadModel({ modelFolder, device: 'cpu', threads: 2 });
  const { answers, opened } = await answerOften(model);
  expect(opened).toEqual([]);
  expect(answers.size).toBe(1);
  await model.close();
});

it('goes on with mapped weights where packing them fails', async () => {
  const { model } = await loadModel({ modelFolder, device: 'cpu', threads: 2 });
  create.mockRejectedValue(new Error('bad allocation'));
  const { answers, opened } = await answerOften(model);
  expect(opened).toHaveLength(2);
  expect(answers.size).toBe(1);
  await model.close();
});

it('never packs floats, whose sums would depend on it', async () => {
  const fp32 = join(folder, 'fp32');
  await convertFixture(fixturePath('demo'), fp32, 'fp32');
  const { model } = await loadModel({ modelFolder: fp32, device: 'cpu', threads: 2 });
  const { answers, opened } = await answerOften(model);
  expect(opened).toEqual([]);
  expect(answers.size).toBe(1);
  await model.close();
});
