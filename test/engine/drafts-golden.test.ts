import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { fixturePath } from '../../fixtures/index.js';
import { AliveJobs } from '../../src/engine/child/active-jobs.js';
import { ImageEncoder } from '../../src/engine/child/image-encoder.js';
import { createJob } from '../../src/engine/child/job.js';
import { Outbox } from '../../src/engine/child/scheduler-output.js';
import type { DoneEvent, EngineRequest } from '../../src/engine/engine.js';
import { loadModel } from '../../src/engine/model/load-model.js';
import type { LoadedModel } from '../../src/engine/model/loaded-model.js';
import { captionTask } from '../../src/tasks/prompts/caption.js';
import { detectTask } from '../../src/tasks/prompts/detect.js';
import { splitThings } from '../../src/tokens/split-things.js';
import type { PaliTokenizer } from '../../src/tokens/tokenizer.js';
import { answerFrames, readFrames } from '../support/answer-frames.js';
import { convertFixture } from '../support/reference/convert-fixture.js';
import { GOLDEN_MAX_TOKENS, readGoldenPrompts } from '../support/reference/demo-golden.js';
import { readPixels } from '../support/reference/reference-golden.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const folder = temporaryFolder();
/** Two at once leave seven tokens for each draft. */
const TOGETHER = 2;

let model: LoadedModel;
let tokenizer: PaliTokenizer;

beforeAll(async () => {
  const modelFolder = join(folder, 'model');
  await convertFixture(fixturePath('demo'), modelFolder);
  ({ model, tokenizer } = await loadModel({ modelFolder, device: 'cpu', threads: 2 }));
}, 60_000);

afterAll(() => model.close());

it('answers all golden prompts with the same tokens, with drafts, bound labels and short heads', async () => {
  const prompts = readGoldenPrompts();
  const done: DoneEvent[] = [];
  const outbox = new Outbox({
    events: (items) => {
      for (const { id, event } of items) if (event.type === 'done') done[id] = event;
    },
    masks: () => undefined,
    failed: (_, error) => {
      throw error;
    },
  });
  const jobs = new AliveJobs(model, outbox);
  const encoded = new Map<string, Float32Array>();
  const encode = async (picture: string): Promise<Float32Array> => {
    const known = encoded.get(picture);
    if (known !== undefined) return known;
    const pixels = await readPixels(fixturePath('golden', picture), model.spec.vision.imageSize);
    encoded.set(picture, await model.encodeImage(pixels));
    return encoded.get(picture)!;
  };
  for (const [id, { prompt, pictures, output, output_ids }] of prompts.entries()) {
    const [kind, ...words] = prompt.split(' ');
    const isObjects = kind === 'detect' || kind === 'segment';
    // Right, spoiled at a third of its length, of the prompt before, or none.
    const drafts = [
      output_ids,
      output_ids.map((token, i) => (i === Math.floor(output_ids.length / 3) ? token + 1 : token)),
      prompts[Math.max(0, id - 1)].output_ids,
      [],
    ];
    const request: EngineRequest = {
      images: pictures.map(() => ({ side: 1, data: new Uint8Array(3) })),
      prompt,
      maxTokens: GOLDEN_MAX_TOKENS,
      sampling: { temperature: 0, topP: 1, seed: 0 },
      alternatives: 0,
      draft: drafts[id % drafts.length],
      ...(isObjects && { constraint: kind }),
      // One answer names what was not asked for.
      ...(isObjects && !output.includes('butterfly') && { labels: splitThings(words.join(' ')) }),
    };
    const features: Float32Array[] = [];
    for (const picture of pictures) features.push(await encode(picture));
    await jobs.start(createJob(id, request, model.spec, tokenizer), features);
    while (jobs.count >= TOGETHER) await jobs.step();
  }
  while (jobs.count > 0) await jobs.step();
  outbox.flush();

  let [accepted, drafted] = [0, 0];
  prompts.forEach(({ prompt, output_ids, pictures }, id) => {
    const { tokens, stop, timings } = done[id];
    const expected = output_ids.filter((token) => token !== tokenizer.tokens.eos);
    const ids = tokens.map((token) => token.id);
    const isSame = stop === 'repetition' ? expected.slice(0, ids.length) : expected;
    expect(ids, `${pictures[0]}: ${prompt}`).toEqual(isSame);
    accepted += timings.acceptedTokens ?? 0;
    drafted += timings.draftedTokens ?? 0;
  });
  expect(accepted).toBeGreaterThan(2000);
  const unaided = done.filter((_, id) => id % 4 === 3).map(({ timings }) => timings.acceptedTokens ?? 0);
  expect(unaided.reduce((sum, count) => sum + count)).toBeGreaterThan(100);
  process.stdout.write(`${accepted} of ${drafted} drafted tokens were right\n`);
}, 400_000);

it.each([
  ['crossing', 'dog ; tractor ; tree'],
  ['three_shots', 'boat ; bus ; person'],
  ['title', 'cactus ; camel'],
])(
  'answers the frames of the clip %s with the same tokens in fewer runs, each a draft for the next',
  async (clip, things) => {
    const frames = await readFrames(fixturePath('video', `${clip}.mp4`), 2, model.spec.vision.imageSize);
    const encoder = new ImageEncoder(model);
    for (const task of [captionTask({}), detectTask(things)]) {
      const options = { encoder, tokenizer, task, together: 1 };
      const plain = await answerFrames(model, frames, { ...options, hasDrafts: false });
      const drafted = await answerFrames(model, frames, { ...options, hasDrafts: true });
      const idsOf = (answers: readonly DoneEvent[]): number[][] =>
        answers.map(({ tokens }) => tokens.map(({ id }) => id));
      expect(idsOf(drafted.done), task.prompt).toEqual(idsOf(plain.done));
      expect(drafted.runs).toBeLessThan(plain.runs);
      const accepted = drafted.done.map(({ timings }) => timings.acceptedTokens ?? 0);
      expect(accepted.reduce((sum, count) => sum + count)).toBeGreaterThan(0);
    }
  },
  100_000,
);
