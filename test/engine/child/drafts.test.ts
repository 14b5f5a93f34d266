import fc from 'fast-check';
import { expect, it } from 'vitest';
import { AliveJobs } from '../../../src/engine/child/active-jobs.js';
import { createJob } from '../../../src/engine/child/job.js';
import { Outbox } from '../../../src/engine/child/scheduler-output.js';
import type { DoneEvent, EngineRequest } from '../../../src/engine/engine.js';
import { FakeModel, fakeTokenizer, requestOf } from '../../support/fake-model.js';

/** Answer requests about one picture together. */
async function answer(
  requests: readonly EngineRequest[],
  tokensPerRun: number,
  eosChance: number,
): Promise<{ done: DoneEvent[]; steps: number }> {
  const model = new FakeModel(8);
  model.tokensPerRun = tokensPerRun;
  model.eosChance = eosChance;
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
  for (const [id, request] of requests.entries()) {
    await jobs.start(createJob(id, request, model.spec, fakeTokenizer), [Float32Array.of(3)]);
  }
  while (jobs.count > 0) await jobs.step();
  outbox.flush();
  expect(model.alive.size).toBe(0);
  return { done, steps: model.steps.length };
}

const plain = ({ tokens, raw, stop }: DoneEvent): unknown => ({
  tokens: tokens.map(({ id, logprob }) => [id, logprob]),
  raw,
  stop,
});

it('gives the same answers with any drafts, in no more runs, whatever the model says', async () => {
  const requestArbitrary = fc.record({
    prompt: fc.constantFrom('detect a', 'caption', 'segment b', 'ocr'),
    maxTokens: fc.integer({ min: 1, max: 40 }),
    seed: fc.nat(1000),
    isSampled: fc.boolean(),
    labels: fc.constantFrom(undefined, ['a'], ['red car', 'red', 'a bus'], ['object']),
    /** Where the draft is spoiled, beside being the true answer or one of noise. */
    wrongAt: fc.array(fc.nat(40), { maxLength: 4 }),
    noise: fc.array(fc.integer({ min: 4, max: 1200 }), { maxLength: 30 }),
    hasTrueDraft: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(requestArbitrary, { minLength: 1, maxLength: 5 }), async (wishes) => {
      const requests = wishes.map(({ prompt, maxTokens, seed, isSampled, labels }, i) => {
        const kind = prompt.split(' ')[0];
        const constraint = kind === 'detect' || kind === 'segment' ? { constraint: kind } : {};
        return requestOf(`${prompt}${i}`, {
          ...{ maxTokens, sampling: { temperature: isSampled ? 0.8 : 0, topP: 1, seed } },
          ...(constraint as Pick<EngineRequest, 'constraint'>),
          ...(labels && { labels }),
        });
      });
      const alone = await answer(requests, 1, 0.1);
      const drafted = requests.map((request, i) => {
        const { wrongAt, noise, hasTrueDraft } = wishes[i];
        const draft = hasTrueDraft ? alone.done[i].tokens.map(({ id }) => id) : [...noise];
        for (const at of wrongAt) if (at < draft.length) draft[at] = 4 + ((draft[at] + 1) % 100);
        return { ...request, draft };
      });
      const together = await answer(drafted, 16, 0.1);
      expect(together.done.map(plain)).toEqual(alone.done.map(plain));
      expect(together.steps).toBeLessThanOrEqual(alone.steps);
    }),
    { numRuns: 60 },
  );
});

it('finds a true draft in few runs, and says how many of its tokens were right', async () => {
  const request = requestOf('describe', { maxTokens: 31 });
  const { done } = await answer([request], 16, 0);
  const again = await answer([{ ...request, draft: done[0].tokens.map(({ id }) => id) }], 16, 0);
  expect(again.done.map(plain)).toEqual(done.map(plain));
  expect(again.steps).toBeLessThanOrEqual(Math.ceil(done[0].tokens.length / 16) + 1);
  const { draftedTokens, acceptedTokens } = again.done[0].timings;
  expect(acceptedTokens).toBe(draftedTokens);
  expect(acceptedTokens).toBeGreaterThan(done[0].tokens.length / 2);
});

it('writes the rest of a bound label in the run of what follows', async () => {
  const request = requestOf('detect x', { constraint: 'detect', labels: ['umbrella'], maxTokens: 40 });
  const bound = await answer([request], 16, 0);
  expect(bound.done[0].raw).toMatch(/^(<loc\d{4}>){4}/);
  expect(bound.done[0].raw.replaceAll(/<loc\d{4}>/g, '').replaceAll(/umbrella|[\s;]/g, '')).toMatch(
    /^(u(m(b(r(e(l)?)?)?)?)?)?$/,
  );
  const one = await answer([request], 1, 0);
  expect(one.done.map(plain)).toEqual(bound.done.map(plain));
  if (/umbrella/.test(one.done[0].raw)) expect(bound.steps).toBeLessThan(one.steps);
});
