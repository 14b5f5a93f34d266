import { describe, expect, it } from 'vitest';
import type { EngineRequest, GeneratedToken, StopReason } from '../../../src/engine/engine.js';
import { Generation } from '../../../src/engine/child/generate.js';
import { EOS, fakeTokenizer, idOf, requestOf, rowOf, stepLogits, tokens } from '../../support/fake-model.js';

/** Feed logits that favour `ids`, one after the other, until the answer stops. */
function generate(
  ids: readonly number[],
  changes: Partial<EngineRequest> = {},
): { streamed: GeneratedToken[]; stop: StopReason | undefined; generation: Generation } {
  const generation = new Generation(requestOf('x', changes), fakeTokenizer);
  const streamed: GeneratedToken[] = [];
  for (const id of ids) {
    const { token, stop } = generation.accept(stepLogits(rowOf({ [id]: 5 })));
    if (token !== undefined) {
      streamed.push(token);
      expect(generation.lastId).toBe(token.id);
    }
    if (stop !== undefined) return { streamed, stop, generation };
  }
  return { streamed, stop: undefined, generation };
}

const timings = { visionMs: 1, prefillMs: 2, generateMs: 3 };
const text = (value: string): number[] => Array.from(value, idOf);

describe('Generation', () => {
  it('ends at <eos>, which is no part of the answer', () => {
    const { streamed, stop, generation } = generate([...text('hi'), EOS, idOf('!')]);
    expect(stop).toBe('eos');
    expect(streamed.map((token) => token.text)).toEqual(['h', 'i']);
    expect(generation.finish('eos', timings)).toEqual({
      type: 'done',
      stop: 'eos',
      raw: 'hi',
      tokens: streamed,
      timings,
    });
  });

  it('ends at the other tokens that end an answer, constrained or not', () => {
    const end = idOf('.');
    const tokenizer = { ...fakeTokenizer, tokens: { ...tokens, moreEnds: [idOf('#'), end] } };
    const accept = (ids: readonly number[], changes: Partial<EngineRequest>): (StopReason | undefined)[] => {
      const generation = new Generation(requestOf('x', changes), tokenizer);
      return ids.map((id) => generation.accept(stepLogits(rowOf({ [id]: 5 }))).stop);
    };
    expect(accept([idOf('a'), end], {})).toEqual([undefined, 'eos']);
    const box = [1, 2, 3, 4].map((bin) => tokens.firstLoc + bin);
    expect(accept([...box, idOf('a'), end], { constraint: 'detect' }).at(-1)).toBe('eos');
    expect(accept([end], { constraint: 'segment' })).toEqual(['eos']);
  });

  it('may be empty', () => {
    const { stop, generation } = generate([EOS]);
    expect(stop).toBe('eos');
    expect(generation.finish('eos', timings)).toMatchObject({ raw: '', tokens: [] });
  });

  it('stops at the limit, the last token included', () => {
    const { streamed, stop } = generate(text('abcdef'), { maxTokens: 4 });
    expect(stop).toBe('length');
    expect(streamed).toHaveLength(4);
  });

  it('follows the grammar from token to token', () => {
    const loc = (value: number): number => tokens.firstLoc + value;
    const wanted = [loc(1), loc(2), idOf('x'), loc(3), loc(4), ...text('cat'), EOS];
    const { streamed } = generate(wanted, { constraint: 'detect' });
    expect(streamed.slice(0, 4).every(({ id }) => id >= tokens.firstLoc && id < tokens.firstSeg)).toBe(true);
  });

  it('stops at a record that comes again, and leaves it out', () => {
    const record = [1, 2, 3, 4].map((value) => tokens.firstLoc + value);
    const once = [...record, ...text(' cat')];
    const { streamed, stop, generation } = generate([
      ...once,
      ...text(' ; '),
      ...once,
      ...text(' ; '),
      ...once,
    ]);
    expect(stop).toBe('repetition');
    const done = generation.finish('repetition', timings);
    expect(done).toMatchObject({ stop: 'repetition', raw: '<loc0001><loc0002><loc0003><loc0004> cat' });
    expect(streamed.length).toBeGreaterThan(once.length);
  });

  it('leaves out a repeated record that the answer ended with', () => {
    const record = [1, 2, 3, 4].map((value) => tokens.firstLoc + value);
    const once = [...record, ...text(' cat')];
    const { stop, generation } = generate([...once, ...text(' ; '), ...once, EOS]);
    expect(stop).toBe('repetition');
    expect(generation.finish('repetition', timings)).toMatchObject({
      raw: '<loc0001><loc0002><loc0003><loc0004> cat',
    });
  });

  it('reports as many alternatives as asked for', () => {
    const { streamed } = generate(text('a'), { alternatives: 2 });
    expect(streamed[0].top).toHaveLength(2);
    expect(streamed[0].top[0]).toMatchObject({ id: idOf('a'), logprob: streamed[0].logprob });
  });
});
