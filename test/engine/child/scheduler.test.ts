import { describe, expect, it } from 'vitest';
import { EngineError, InputError, ModelError, UsageError } from '../../../src/base/errors.js';
import type { EngineEvent, EngineRequest } from '../../../src/engine/engine.js';
import { Scheduler } from '../../../src/engine/child/scheduler.js';
import { FakeModel, SIDE, fakeTokenizer, idOf, requestOf } from '../../support/fake-model.js';

interface Answer {
  readonly events: EngineEvent[];
  error?: unknown;
}

/** A scheduler over a fake model, with everything that it said, by request. */
function start(maxSequences: number): {
  model: FakeModel;
  scheduler: Scheduler;
  ask: (request: EngineRequest) => number;
  answerOf: (id: number) => Answer;
  rawOf: (id: number) => string;
  ended: (...ids: number[]) => Promise<void>;
} {
  const model = new FakeModel(maxSequences);
  const answers = new Map<number, Answer>();
  const waiting: { ids: number[]; resolve: () => void }[] = [];
  const isOver = (id: number): boolean => {
    const { events, error } = answerOf(id);
    return error !== undefined || events.at(-1)?.type === 'done';
  };
  const check = (): void => {
    for (const one of waiting) if (one.ids.every(isOver)) one.resolve();
  };
  const answerOf = (id: number): Answer => {
    if (!answers.has(id)) answers.set(id, { events: [] });
    return answers.get(id)!;
  };
  const scheduler = new Scheduler(model, fakeTokenizer, {
    events: (items) => {
      for (const { id, event } of items) answerOf(id).events.push(event);
      check();
    },
    masks: () => undefined,
    failed: (id, error) => {
      answerOf(id).error = error;
      check();
    },
  });
  let nextId = 0;
  return {
    model,
    scheduler,
    answerOf,
    ask: (request) => {
      scheduler.submit(nextId, request);
      return nextId++;
    },
    rawOf: (id) => {
      const last = answerOf(id).events.at(-1);
      return last?.type === 'done' ? last.raw : '';
    },
    ended: (...ids) =>
      new Promise((resolve) => {
        waiting.push({ ids, resolve });
        check();
      }),
  };
}

/** The answers to requests asked one after the other, never together. */
async function answerAlone(requests: readonly EngineRequest[], eosChance = 0.1): Promise<string[]> {
  const { model, ask, ended, rawOf } = start(1);
  model.eosChance = eosChance;
  const raws: string[] = [];
  for (const request of requests) {
    const id = ask(request);
    await ended(id);
    raws.push(rawOf(id));
  }
  return raws;
}

const requests = Array.from({ length: 18 }, (_, i) =>
  requestOf(
    `prompt ${i}`,
    {
      maxTokens: 5 + i,
      sampling: { temperature: i % 3 === 0 ? 1 : 0, topP: 0.9, seed: i },
      ...(i % 4 === 1 ? { constraint: 'detect' as const } : {}),
    },
    i % 5,
  ),
);

describe('Scheduler', () => {
  it('gives the same answers together as one by one', async () => {
    const { model, ask, ended, rawOf } = start(4);
    const ids = requests.map((request) => ask(request));
    await ended(...ids);
    expect(ids.map(rawOf)).toEqual(await answerAlone(requests));
    expect(Math.max(...model.steps)).toBe(4);
    expect(model.alive.size).toBe(0);
  });

  it('says start, the tokens, then done, and nothing else', async () => {
    const { ask, ended, answerOf } = start(2);
    const id = ask(requestOf('a', { alternatives: 3, maxTokens: 4 }));
    await ended(id);
    const { events } = answerOf(id);
    const done = events.at(-1);
    expect(events[0]).toMatchObject({ type: 'start', promptTokens: 4 + '<a\n'.length });
    expect(events.slice(1, -1).every(({ type }) => type === 'token')).toBe(true);
    const streamed = events.flatMap((event) => (event.type === 'token' ? [event.token] : []));
    expect(done).toMatchObject({
      type: 'done',
      tokens: streamed,
      raw: streamed.map(({ text }) => text).join(''),
    });
    expect(streamed[0].top).toHaveLength(3);
  });

  it('lets a request join those already under way', async () => {
    const { model, ask, ended, rawOf } = start(2);
    const late = requestOf('late');
    let lateId = -1;
    model.beforeStep = () => {
      if (model.steps.length === 2) lateId = ask(late);
    };
    model.eosChance = 0;
    const long = requestOf('prompt 2', { maxTokens: 24 });
    const id = ask(long);
    await ended(id);
    await ended(lateId);
    expect(model.steps.slice(0, 3)).toEqual([1, 1, 2]);
    expect([rawOf(id), rawOf(lateId)]).toEqual(await answerAlone([long, late], 0));
  });

  it('admits no more than the model has room for, in the order they came', async () => {
    const { model, ask, ended, rawOf } = start(4);
    model.eosChance = 0;
    model.positions = 60;
    const few = [
      requestOf('a', { maxTokens: 20 }),
      requestOf('b', { maxTokens: 20 }),
      requestOf('c', { maxTokens: 20 }),
    ];
    const ids = few.map((request) => ask(request));
    await ended(...ids);
    expect(model.steps.slice(0, 19)).toEqual(new Array(19).fill(2));
    expect(Math.max(...model.steps)).toBe(2);
    expect(ids.map(rawOf)).toEqual(await answerAlone(few, 0));
  });

  it('drops a cancelled request and leaves its neighbours alone', async () => {
    const { model, scheduler, ask, ended, answerOf, rawOf } = start(2);
    model.eosChance = 0;
    const [first, second, third] = [requests[2], requests[4], requests[8]];
    const ids = [ask(first), ask(second), ask(third)];
    model.beforeStep = () => {
      if (model.steps.length === 2) scheduler.cancel(ids[0]);
    };
    await ended(ids[1], ids[2]);
    expect(answerOf(ids[0]).events.at(-1)?.type).toBe('token');
    expect(answerOf(ids[0]).error).toBeUndefined();
    expect([rawOf(ids[1]), rawOf(ids[2])]).toEqual(await answerAlone([second, third], 0));
    expect(model.alive.size).toBe(0);
  });

  it('never starts a request that was cancelled while it waited', async () => {
    const { model, scheduler, ask, ended, answerOf } = start(1);
    const ids = [ask(requests[2]), ask(requests[4]), ask(requests[8])];
    scheduler.cancel(ids[1]);
    scheduler.cancel(12_345);
    await ended(ids[0], ids[2]);
    expect(model.prefillCount).toBe(2);
    expect(answerOf(ids[1]).events).toEqual([]);
  });

  it('drops a request that is cancelled during its own prefill', async () => {
    const { model, scheduler, ask, ended, answerOf } = start(1);
    model.beforePrefill = () => {
      if (model.prefillCount === 1) scheduler.cancel(0);
    };
    const ids = [ask(requests[2]), ask(requests[4])];
    await ended(ids[1]);
    expect(answerOf(ids[0]).events).toEqual([]);
    expect(model.alive.size).toBe(0);
  });

  it('fails only the request whose prefill fails', async () => {
    const { model, ask, ended, answerOf, rawOf } = start(3);
    model.beforePrefill = (promptIds) => {
      if (promptIds.includes(idOf('!'))) throw new Error('no room');
    };
    const ids = [ask(requests[2]), ask(requestOf('bad!')), ask(requests[4])];
    await ended(...ids);
    expect(answerOf(ids[1]).error).toBeInstanceOf(EngineError);
    expect(answerOf(ids[1]).error).toMatchObject({
      code: 'ENGINE_RUN_FAILED',
      message: 'The model failed: no room',
    });
    expect([rawOf(ids[0]), rawOf(ids[2])]).toEqual(await answerAlone([requests[2], requests[4]]));
  });

  it('fails those in a failed step, and goes on with the others', async () => {
    const { model, ask, ended, answerOf, rawOf } = start(2);
    model.eosChance = 0;
    model.beforeStep = () => {
      if (model.steps.length === 2) throw new Error('the device is lost');
    };
    const ids = [ask(requests[2]), ask(requests[4]), ask(requests[8])];
    await ended(...ids);
    expect(answerOf(ids[0]).error).toBeInstanceOf(EngineError);
    expect(answerOf(ids[1]).error).toBeInstanceOf(EngineError);
    expect(rawOf(ids[2])).toEqual((await answerAlone([requests[8]], 0))[0]);
    expect(model.alive.size).toBe(0);
  });

  it('fails only the request whose numbers are not finite', async () => {
    const { model, ask, ended, answerOf, rawOf } = start(2);
    model.replace = (_state, promptIds) =>
      promptIds.includes(idOf('!'))
        ? {
            topIds: Int32Array.of(5),
            topValues: Float32Array.of(Number.NaN),
            logSumExp: Number.NaN,
            locSegLogits: new Float32Array(1152),
          }
        : undefined;
    const ids = [ask(requestOf('bad!')), ask(requests[4])];
    await ended(...ids);
    expect(answerOf(ids[0]).error).toMatchObject({ code: 'ENGINE_NOT_FINITE' });
    expect(rawOf(ids[1])).toEqual((await answerAlone([requests[4]]))[0]);
    expect(model.alive.size).toBe(0);
  });

  it('encodes a picture once for many prompts about it', async () => {
    const { model, ask, ended, answerOf } = start(2);
    const ids = ['a', 'b', 'c'].map((prompt) => ask(requestOf(prompt, {}, 50)));
    const other = ask(requestOf('a', {}, 51));
    await ended(...ids, other);
    expect(model.encodedCount).toBe(2);
    expect(answerOf(ids[2]).events[0]).toMatchObject({ type: 'start', visionMs: 0 });
  });

  it('refuses a picture of another size and a prompt with a reserved token', async () => {
    const { model, ask, answerOf } = start(2);
    const image = { side: SIDE * 2, data: new Uint8Array(SIDE * SIDE * 12) };
    const wrongSize = ask(requestOf('a', { images: [image] }));
    const tooLong = ask(requestOf('a'.repeat(100_000)));
    expect(answerOf(wrongSize).error).toBeInstanceOf(InputError);
    expect(answerOf(tooLong).error).toBeInstanceOf(UsageError);
    expect(model.prefillCount).toBe(0);
  });

  it('decodes masks between steps, and says so when the model cannot', async () => {
    const model = new FakeModel(1);
    const outcome = (): Promise<unknown> =>
      new Promise((resolve) => {
        const scheduler = new Scheduler(model, fakeTokenizer, {
          events: () => undefined,
          masks: (_id, masks) => resolve(masks.map((mask) => mask[0])),
          failed: (_id, error) => resolve(error),
        });
        scheduler.submit(0, requests[2]);
        scheduler.decodeMasks(1, [new Array<number>(16).fill(3), new Array<number>(16).fill(4)]);
      });
    expect(await outcome()).toEqual([3, 4]);
    Object.assign(model, { decodeMasks: undefined });
    expect(await outcome()).toBeInstanceOf(ModelError);
  });

  it('releases everything when it closes, without another word', async () => {
    const { model, scheduler, ask, answerOf } = start(2);
    model.eosChance = 0;
    const closed = new Promise<void>((resolve) => {
      model.beforeStep = () => {
        if (model.steps.length === 2) void scheduler.close().then(resolve);
      };
    });
    const ids = [ask(requests[2]), ask(requests[4]), ask(requests[8])];
    await closed;
    expect(model.alive.size).toBe(0);
    expect(model.steps).toHaveLength(2);
    expect(ids.map((id) => answerOf(id).error)).toEqual([undefined, undefined, undefined]);
  });
});
