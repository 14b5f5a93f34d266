import { once, setMaxListeners } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { fixturePath } from '../../fixtures/index.js';
import { EngineError } from '../../src/base/errors.js';
import { LoadedModel } from '../../src/library/loaded-model.js';
import type { Model } from '../../src/library/model.js';
import { FakeEngine, type FakeAnswer } from '../support/fake-engine.js';

const picture = fixturePath('golden', 'p00_png_224x224.png');
const BOX = '<loc0256><loc0256><loc0512><loc0512> cup';

function open(answer: FakeAnswer = () => BOX, signal?: AbortSignal): { model: Model; engine: FakeEngine } {
  const engine = new FakeEngine(answer);
  const { model: name, dtype, device, imageSize, notes, loadMs } = engine.info;
  const info = { name, dtype, device, imageSize, notes };
  const onNote = (): void => undefined;
  return { model: new LoadedModel({ engine, info, loadMs, allowsPrivate: false, onNote, signal }), engine };
}

it('sends what the commands send, with the options of the call', async () => {
  const { model, engine } = open();
  await model.caption(picture, { lang: 'es', short: true, maxTokens: 7 });
  await model.caption(picture, { region: { unit: 'percent', x0: 0, y0: 0, x1: 50, y1: 50 } });
  await model.describe(picture);
  await model.ocr(picture);
  await model.answer('how many?', picture, { lang: 'de' });
  await model.question('two', picture);
  await model.detect('cup;dog', picture, { temperature: 0.5, topP: 0.9, seed: 3, logprobs: 2 });
  await model.segment('cup', picture, { constrain: false });
  await model.ask('cap en\n', [picture, picture]);
  expect(engine.requests.map(({ prompt }) => prompt)).toEqual([
    'cap es',
    'caption <loc0000><loc0000><loc0512><loc0512>',
    'describe en',
    'ocr',
    'answer de how many?',
    'question en two',
    'detect cup ; dog',
    'segment cup',
    'cap en\n',
  ]);
  expect(engine.requests[0].maxTokens).toBe(7);
  const [, , , , , , detect, segment, ask] = engine.requests;
  expect(detect).toMatchObject({
    sampling: { temperature: 0.5, topP: 0.9, seed: 3 },
    alternatives: 2,
    constraint: 'detect',
  });
  expect(segment.constraint).toBeUndefined();
  expect(ask.images).toHaveLength(2);
});

it('gives results with what was found, and the time of loading once', async () => {
  const { model } = open();
  const first = await model.detect('cup', picture);
  expect(first).toMatchObject({ schemaVersion: 1, input: picture, task: 'detect', image: { width: 224 } });
  expect(first.detections).toMatchObject([{ label: 'cup', box: { x0: 56.05, y0: 56.05 } }]);
  expect(first.timings.loadMs).toBe(12);
  expect((await model.detect('cup', picture)).timings.loadMs).toBe(0);
  expect((await model.detect('cup', picture, { minScore: 1 })).detections).toEqual([]);
});

it.each<[string, (model: Model) => unknown, string, RegExp]>([
  ['no file', (model) => model.caption('/none.png'), 'IMAGE_MISSING', /none\.png/],
  ['no picture', (model) => model.caption(new Uint8Array(9)), 'IMAGE_UNKNOWN_FORMAT', /not a picture/],
  ['a number', (model) => model.caption(3 as never), 'USAGE', /path/],
  ['no pictures', (model) => model.ask('cap en', []), 'USAGE', /empty/],
  ['no words', (model) => model.detect(undefined as never, picture), 'USAGE', /text first/],
  ['empty words', (model) => model.answer(' ', picture), 'PROMPT_TEXT_MISSING', /question/],
  ['a language', (model) => model.caption(picture, { lang: 'xx' }), 'UNKNOWN_LANGUAGE', /xx/],
  ['an option', (model) => model.ocr(picture, { maxToken: 1 } as never), 'OPTION_UNKNOWN', /maxToken/],
  ['a value', (model) => model.ocr(picture, { topP: 0 }), 'OPTION_VALUE', /topP/],
  ['a private address', (model) => model.ocr(new URL('http://127.0.0.1:1/a.png')), 'URL_PRIVATE', /127/],
  ['a task', (model) => model.stream('paint' as 'ocr', picture).next(), 'TASK_UNKNOWN', /paint/],
  ['a picture as video', (model) => model.video('caption', picture).next(), 'VIDEO_UNREADABLE', /picture/],
  [
    'two ways',
    (model) => model.video('caption', picture, { fps: 1, frames: 3 }).next(),
    'OPTION_VALUE',
    /fps/,
  ],
])('refuses what it cannot take, with a code: %s', async (_, call, code, message) => {
  const { model } = open();
  const failing = (async () => call(model))();
  await expect(failing).rejects.toMatchObject({ code, message: expect.stringMatching(message) as string });
});

it('tells tokens and boxes as they come, then the result', async () => {
  const { model } = open();
  const events = [];
  for await (const event of model.stream('detect', 'cup', picture)) events.push(event);
  const kinds = events.map(({ event }) => event);
  expect(kinds.filter((kind) => kind !== 'token')).toEqual(['start', 'box', 'box', 'done']);
  expect(kinds.indexOf('token')).toBeLessThan(kinds.indexOf('box'));
  expect(kinds.lastIndexOf('token')).toBeGreaterThan(kinds.indexOf('box'));
  expect(events.at(-1)).toMatchObject({ result: { detections: [{ label: 'cup' }] } });
});

it('stops asking when the loop over its events is left', async () => {
  const { model, engine } = open();
  for await (const { event } of model.stream('caption', picture)) if (event === 'token') break;
  await expect.poll(() => engine.active).toBe(0);
});

it('fails with what the engine failed with, and goes on', async () => {
  const { model } = open((_, count) => {
    if (count === 1) throw new EngineError('ENGINE_DIED', 'The engine ended.');
    return 'a cup';
  });
  await expect(model.caption(picture)).rejects.toMatchObject({ code: 'ENGINE_DIED' });
  expect((await model.caption(picture)).text).toBe('a cup');
});

it('is cancelled by the signal of a call, by that of the model, and by close', async () => {
  const slow = async (): Promise<string> => wait(50, 'a cup');
  const controller = new AbortController();
  const { model, engine } = open(slow, controller.signal);
  const leaving = AbortSignal.timeout(10);
  await expect(model.caption(picture, { signal: leaving })).rejects.toMatchObject({ code: 'CANCELLED' });
  expect((await model.caption(picture)).text).toBe('a cup');
  const running = model.caption(picture);
  controller.abort();
  await expect(running).rejects.toMatchObject({ code: 'CANCELLED' });
  expect(engine.isClosed).toBe(true);
  await expect(model.caption(picture)).rejects.toMatchObject({ code: 'CANCELLED' });
  await model.close();
});

it('answers any number of calls made at once, 64 at a time', async () => {
  const full = new AbortController();
  setMaxListeners(0, full.signal);
  const { model, engine } = open(async (_, count) => {
    if (count === 64) full.abort();
    if (!full.signal.aborted) await once(full.signal, 'abort');
    return 'a cup';
  });
  const results = await Promise.all(Array.from({ length: 80 }, () => model.caption(picture)));
  expect(results.map(({ text }) => text)).toEqual(results.map(() => 'a cup'));
  expect(engine.mostActive).toBe(64);
});
