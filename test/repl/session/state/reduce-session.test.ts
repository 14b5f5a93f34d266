import { expect, it } from 'vitest';
import { reduceSession, type SessionAction } from '../../../../src/repl/session/state/reduce-session.js';
import { startSession, type SessionState } from '../../../../src/repl/session/state/session-state.js';
import { defaultSettings } from '../../../../src/repl/session/state/settings.js';

const image = { width: 1, height: 1, data: new Uint8Array(3) };
const picture = { name: 'camera', image, thumbnail: image, decodeMs: 0 };
const start = startSession(defaultSettings, { name: 'demo', phase: 'ready', wantedDevice: 'auto' });

function reduce(actions: readonly SessionAction[]): SessionState {
  return actions.reduce(reduceSession, start);
}

it('forgets what blocks held that were written long ago, and keeps their places', () => {
  const block = { type: 'picture', picture, position: '' } as const;
  const { blocks } = reduce(Array.from({ length: 500 }, () => ({ type: 'block', block })));
  expect(blocks).toHaveLength(500);
  const held = blocks.map(({ type }) => type === 'picture');
  expect(held.indexOf(true)).toBe(held.lastIndexOf(false) + 1);
  expect(held.filter(Boolean).length).toBeLessThan(100);
});

it('keeps the answers about frames of the last videos, those of the last one however many', () => {
  const result = { input: 'camera', task: 'caption', prompt: 'caption en', text: 'a yard' } as const;
  const answer = (count: number): SessionAction => ({
    type: 'finish',
    answer: {
      ...{ line: 'caption', result, picture },
      video: {
        info: {} as never,
        sampling: { kind: 'every', everySeconds: 1 },
        frames: Array.from({ length: count }, () => ({ result })),
        strip: [],
      },
    },
  });
  const framesOf = ({ answers }: SessionState): unknown => answers.map(({ video }) => video?.frames.length);
  expect(framesOf(reduce([answer(10_000), answer(10_000), answer(10_000)]))).toEqual([10_000, 10_000]);
  expect(framesOf(reduce([answer(10), answer(50_000)]))).toEqual([50_000]);
});
