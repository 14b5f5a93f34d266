import { describe, expect, it } from 'vitest';
import { EngineError, ModelError } from '../../../src/base/errors.js';
import type { FromEngine } from '../../../src/engine/messages.js';
import { runEngineChild, type EngineLoader } from '../../../src/engine/child/run-engine-child.js';
import { FakeModel, fakeTokenizer, requestOf } from '../../support/fake-model.js';

/** An engine in this process; `said` waits for a message that fits. */
function start(load: EngineLoader): {
  hear: (message: unknown) => void;
  said: (fits: (message: FromEngine) => boolean) => Promise<FromEngine>;
  ended: Promise<void>;
  all: FromEngine[];
} {
  const all: FromEngine[] = [];
  const waiting: { fits: (message: FromEngine) => boolean; resolve: (message: FromEngine) => void }[] = [];
  let hear: (message: unknown) => void = () => undefined;
  const ended = new Promise<void>((resolve) => {
    runEngineChild({
      load,
      port: {
        send: (message) => {
          // What the channel does to it.
          const copy = structuredClone(message);
          all.push(copy);
          for (const one of waiting) if (one.fits(copy)) one.resolve(copy);
        },
        onMessage: (listener) => {
          hear = listener;
        },
        end: resolve,
      },
    });
  });
  return {
    hear: (message) => hear(message),
    said: (fits) =>
      new Promise((resolve) => {
        waiting.push({ fits, resolve });
        const earlier = all.find(fits);
        if (earlier !== undefined) resolve(earlier);
      }),
    ended,
    all,
  };
}

const load = { type: 'load', modelFolder: '/models/demo', device: 'cpu' };
const isDone = (message: FromEngine): boolean =>
  message.type === 'events' && message.items.some(({ event }) => event.type === 'done');

describe('runEngineChild', () => {
  const model = (): FakeModel => new FakeModel(2);
  const loader =
    (loaded: FakeModel): EngineLoader =>
    async () => ({ model: loaded, tokenizer: fakeTokenizer, manifest: { dtype: 'int4' } });

  it('loads, answers, decodes masks, ends', async () => {
    const loaded = model();
    const { hear, said, ended } = start(loader(loaded));
    hear(load);
    expect(await said(({ type }) => type === 'ready')).toEqual({
      type: 'ready',
      dtype: 'int4',
      imageSize: 4,
    });
    hear({ type: 'ask', id: 5, request: requestOf('caption en') });
    await said(isDone);
    hear({ type: 'masks', id: 6, codes: [new Array(16).fill(2)] });
    expect(await said(({ type }) => type === 'masks')).toMatchObject({ id: 6 });
    hear({ type: 'shutdown' });
    await ended;
  });

  it.each([
    ['webgpu', true],
    ['cpu', false],
  ])(
    'frees what a driver keeps before it ends, and leaves memory to the system: %s',
    async (device, frees) => {
      const loaded = model();
      const { hear, said, ended } = start(loader(loaded));
      hear({ ...load, device });
      await said(({ type }) => type === 'ready');
      hear({ type: 'shutdown' });
      await ended;
      expect(loaded.isClosed).toBe(frees);
    },
  );

  it('passes on the device, the folder, the threads, and how far the model is loaded', async () => {
    let seen: unknown;
    const { hear, said, all } = start(async ({ onProgress, ...options }) => {
      seen = options;
      onProgress?.({ doneBytes: 1, partBytes: 2, totalBytes: 3 });
      return loader(model())(options);
    });
    hear({ ...load, device: 'webgpu', threads: 3 });
    await said(({ type }) => type === 'ready');
    expect(seen).toEqual({ modelFolder: '/models/demo', device: 'webgpu', threads: 3 });
    expect(all[0]).toEqual({ type: 'loading', doneBytes: 1, partBytes: 2, totalBytes: 3 });
  });

  it('sends the error of a model that does not load, and ends', async () => {
    const { hear, ended, all } = start(async () => {
      throw new ModelError('MODEL_MISSING', 'There is no model.', { hint: 'Import one.' });
    });
    hear(load);
    await ended;
    const error = { code: 'MODEL_MISSING', message: 'There is no model.', hint: 'Import one.', exitCode: 4 };
    expect(all).toEqual([{ type: 'load-failed', error }]);
  });

  it('sends the error of a request, and goes on', async () => {
    const { hear, said } = start(loader(model()));
    hear(load);
    await said(({ type }) => type === 'ready');
    hear({ type: 'ask', id: 1, request: requestOf('x'.repeat(100_000)) });
    expect(await said(({ type }) => type === 'failed')).toMatchObject({ id: 1, error: { exitCode: 2 } });
    hear({ type: 'ask', id: 2, request: requestOf('x') });
    await said(isDone);
  });

  it('says nothing more about a cancelled request', async () => {
    const { hear, said, all } = start(loader(model()));
    hear(load);
    await said(({ type }) => type === 'ready');
    hear({ type: 'ask', id: 1, request: requestOf('x') });
    hear({ type: 'cancel', id: 1 });
    hear({ type: 'ask', id: 2, request: requestOf('y') });
    await said(isDone);
    expect(all.some((message) => message.type === 'events' && message.items.some(({ id }) => id === 1))).toBe(
      false,
    );
  });

  it('throws at rubbish and at a request before a model', () => {
    const { hear } = start(loader(model()));
    expect(() => hear({ type: 'dance' })).toThrow(EngineError);
    expect(() => hear({ type: 'ask', id: 1, request: requestOf('x') })).toThrow(EngineError);
  });
});
