import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { TaskResult } from '../../../../src/base/task-result.js';
import { EvenSampler, pickEvenly } from '../../../../src/repl/session/prompts/even-sampler.js';
import { KeptAnswers } from '../../../../src/repl/session/prompts/kept-answers.js';
import type { Moment } from '../../../../src/repl/session/state/video-state.js';
import { VideoTimeline } from '../../../../src/repl/session/prompts/video-timeline.js';

function timelineOf(texts: readonly string[]): Moment[] {
  const timeline = new VideoTimeline([], Infinity);
  const moments: (Moment | undefined)[] = texts.map((text, second) => {
    const frame = { index: second * 10, timeSeconds: second, endSeconds: second + 1 };
    const result: TaskResult = { input: 'a.mp4', task: 'caption', prompt: 'caption en', text, frame };
    return timeline.add(result);
  });
  return [...moments, timeline.end()].filter((moment) => moment !== undefined);
}

it('puts every frame into one moment, in order, and neighbours that differ into two', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom('a', 'b', ''), { maxLength: 40 }), (texts) => {
      const moments = timelineOf(texts);
      expect(moments.flatMap(({ results }) => results.map(({ text }) => text))).toEqual(texts);
      for (const [i, { results, startSeconds, lastSeconds }] of moments.entries()) {
        expect(new Set(results.map(({ text }) => text)).size).toBe(1);
        expect([startSeconds, lastSeconds]).toEqual([
          results[0].frame?.timeSeconds,
          results.at(-1)?.frame?.timeSeconds,
        ]);
        if (i > 0) expect(results[0].text).not.toBe(moments[i - 1].results[0].text);
      }
    }),
  );
});

it('takes objects in another order, at other places, for the same', () => {
  const timeline = new VideoTimeline(['dog'], Infinity);
  const found = (labels: string[], trackIds?: number[]): TaskResult => ({
    ...{ input: 'a', task: 'detect', prompt: 'detect cat ; dog' },
    frame: { index: 0, timeSeconds: 0, endSeconds: 1, ...(trackIds && { trackIds }) },
    detections: labels.map((label, x0) => ({
      ...{ label, score: 1, boxScore: 1, bins: [0, 0, 1, 1] },
      box: { x0, y0: 0, x1: 9, y1: 9 },
    })),
  });
  expect(timeline.add(found(['cat', 'dog']))).toBeUndefined();
  expect(timeline.add(found(['dog', 'cat']))).toBeUndefined();
  expect(timeline.add(found(['dog', 'dog', 'cat']))?.results).toHaveLength(2);
  expect(timeline.add(found(['dog', 'dog', 'cat'], [1, 2, 3]))).toBeDefined();
  expect(timeline.add(found(['dog', 'dog', 'cat'], [1, 4, 3]))).toBeDefined();
  expect(timeline.labels).toEqual(['dog', 'cat']);
});

it('ends a moment of live input that stays the same, so that it does not grow for days', () => {
  const timeline = new VideoTimeline([], 3);
  const result: TaskResult = {
    input: 'rtsp://camera',
    task: 'caption',
    prompt: 'caption en',
    text: 'a yard',
  };
  const ended = Array.from({ length: 8 }, () => timeline.add(result)?.results.length);
  expect(ended.filter((count) => count !== undefined)).toEqual([3, 3]);
  expect(timeline.end()?.results).toHaveLength(2);
});

it('keeps the last answers of live input, and counts them all', () => {
  const kept = new KeptAnswers(10);
  for (let index = 0; index < 1000; index++) {
    const frame = { index, timeSeconds: index, endSeconds: index + 1, ...(index % 2 === 1 && { sameAs: 0 }) };
    kept.add({
      result: { input: 'camera', task: 'caption', prompt: 'x', text: 'y', truncated: index < 5, frame },
    });
    expect(kept.list().length).toBe(Math.min(index + 1, 10));
  }
  expect(kept.list().map(({ result }) => result.frame?.index)).toEqual([
    990, 991, 992, 993, 994, 995, 996, 997, 998, 999,
  ]);
  expect([kept.count, kept.skipped, kept.truncated, kept.hasObjects]).toEqual([1000, 500, 5, false]);
});

it('keeps things evenly however many come, the first among them', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 12 }), fc.nat(500), (wanted, count) => {
      const kept = new EvenSampler<number>(wanted);
      for (let i = 0; i < count; i++) kept.add(i);
      const picked = kept.pick();
      expect(picked.length).toBe(Math.min(wanted, count));
      expect(picked).toEqual([...new Set(picked)].sort((a, b) => a - b));
      if (count > 0) expect(picked[0]).toBe(0);
      // The stretch after the last one is no longer than two of those between.
      if (wanted > 1 && count > wanted)
        expect(count - picked.at(-1)!).toBeLessThanOrEqual((2 * count) / wanted + 2);
    }),
  );
  expect(pickEvenly([0, 1, 2, 3, 4, 5, 6], 3)).toEqual([0, 3, 6]);
});
