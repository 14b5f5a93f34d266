import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EngineError } from '../../src/base/errors.js';
import { parseFromEngine, parseToEngine } from '../../src/engine/messages.js';
import { requestOf } from '../support/fake-model.js';

const ask = { type: 'ask', id: 1, request: requestOf('caption en') };

describe('parseToEngine', () => {
  it.each([
    { type: 'load', modelFolder: '/models/demo', device: 'cpu' },
    { type: 'load', modelFolder: '/models/demo', device: 'webgpu', threads: 4 },
    ask,
    { ...ask, request: { ...ask.request, constraint: 'segment' } },
    { type: 'cancel', id: 1 },
    { type: 'masks', id: 2, codes: [new Array(16).fill(127)] },
    { type: 'shutdown' },
  ])('takes $type', (message) => {
    expect(parseToEngine(message)).toEqual(message);
  });

  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['an unknown type', { type: 'reboot' }],
    ['the device auto', { type: 'load', modelFolder: 'x', device: 'auto' }],
    ['a picture shorter than its side says', withRequest({ images: [{ side: 4, data: new Uint8Array(3) }] })],
    ['a picture that is no bytes', withRequest({ images: [{ side: 1, data: [1, 2, 3] }] })],
    ['no picture', withRequest({ images: [] })],
    ['no token', withRequest({ maxTokens: 0 })],
    ['a top-p of 0', withRequest({ sampling: { temperature: 0, topP: 0, seed: 0 } })],
    ['a code of 128', { type: 'masks', id: 2, codes: [new Array(16).fill(128)] }],
    ['15 codes', { type: 'masks', id: 2, codes: [new Array(15).fill(0)] }],
    ['an id below 0', { type: 'cancel', id: -1 }],
  ])('refuses %s', (_name, message) => {
    expect(() => parseToEngine(message)).toThrow(EngineError);
  });
});

describe('parseFromEngine', () => {
  const token = { id: 5, logprob: -0.5, text: 'a', top: [{ id: 5, logprob: -0.5 }] };
  const timings = { visionMs: 1, prefillMs: 2, generateMs: 3 };

  it.each([
    { type: 'ready', dtype: 'int4', imageSize: 448 },
    { type: 'load-failed', error: { code: 'A', message: 'b', exitCode: 7 } },
    { type: 'failed', id: 3, error: { code: 'A', message: 'b', hint: 'c', exitCode: 4 } },
    { type: 'masks', id: 3, masks: [new Float32Array(4096)] },
    {
      type: 'events',
      items: [
        { id: 3, event: { type: 'start', promptTokens: 260, visionMs: 1, prefillMs: 2 } },
        { id: 4, event: { type: 'token', token } },
        { id: 5, event: { type: 'done', stop: 'repetition', raw: 'a', tokens: [token], timings } },
      ],
    },
  ])('takes $type', (message) => {
    expect(parseFromEngine(message)).toEqual(message);
  });

  it.each<[string, unknown]>([
    ['an event without an id', { type: 'events', items: [{ event: { type: 'token', token } }] }],
    [
      'a token without text',
      { type: 'events', items: [{ id: 1, event: { type: 'token', token: { id: 1 } } }] },
    ],
    ['a mask of another size', { type: 'masks', id: 3, masks: [new Float32Array(100)] }],
    ['a message to the engine', { type: 'shutdown' }],
  ])('refuses %s', (_name, message) => {
    expect(() => parseFromEngine(message)).toThrow(EngineError);
  });

  it('fails with its own error for any value', () => {
    fc.assert(
      fc.property(fc.anything(), (value) => {
        expect(() => parseFromEngine(value)).toThrow(EngineError);
      }),
    );
  });
});

function withRequest(changes: object): unknown {
  return { ...ask, request: { ...ask.request, ...changes } };
}
