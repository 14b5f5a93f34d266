import { describe, expect, it } from 'vitest';
import { detectTask } from '../../../src/tasks/prompts/detect.js';
import { segmentTask } from '../../../src/tasks/prompts/segment.js';
import { streamAnswer, type AnswerProgress } from '../../../src/tasks/answers/stream-answer.js';
import { FakeEngine } from '../../support/fake-engine.js';

const pixels = { side: 28, data: new Uint8Array(28 * 28 * 3) };
const picture = { pixels, size: { width: 100, height: 100 }, decodeMs: 0 };
const box = '<loc0000><loc0000><loc0512><loc1023>';

async function stream(
  raw: string,
  task = detectTask('cat'),
): Promise<{ all: AnswerProgress[]; result: unknown }> {
  const engine = new FakeEngine(() => raw);
  const all: AnswerProgress[] = [];
  const options = {
    sampling: { temperature: 0, topP: 1, seed: 0 },
    isConstrained: true,
    locScale: 1023 as const,
    jobs: 1,
    keepsImages: false,
    signal: new AbortController().signal,
  };
  const question = { name: 'a.png', task, pictures: [picture], engine, info: engine.info, options };
  const result = await streamAnswer(
    question,
    { maskSize: { width: 10, height: 10 }, intervalMs: 0 },
    (progress) => void all.push(progress),
  );
  return { all, result };
}

describe('streamAnswer', () => {
  it('tells a box with its fourth coordinate, and its label as it grows', async () => {
    const { all, result } = await stream(`${box} cat ; ${box} dog`);
    const first = all.findIndex(({ objects }) => objects.length === 1);
    expect(all[first]).toMatchObject({ tokens: 4, objects: [{ label: '', box: { x0: 0, y0: 0, x1: 100 } }] });
    expect(all.map(({ objects }) => objects[0]?.label)).toContain('ca');
    expect(all.at(-1)!.objects.map(({ label }) => label)).toEqual(['cat', 'dog']);
    expect(result).toMatchObject({ detections: [{ label: 'cat' }, { label: 'dog' }] });
  });

  it('keeps the box while mask codes come, and has the mask after the sixteenth', async () => {
    const codes = Array.from({ length: 16 }, (_, i) => `<seg${String(i).padStart(3, '0')}>`).join('');
    const { all } = await stream(
      `${box}${codes} a very long label so that the mask is there before its end`,
      segmentTask('x'),
    );
    const during = all.filter(({ tokens }) => tokens >= 4 && tokens < 20);
    expect(during).toHaveLength(16);
    for (const { objects } of during) expect(objects[0].mask).toBeUndefined();
    const mask = all.find(({ objects }) => objects[0]?.mask !== undefined)!.objects[0].mask!;
    expect([mask.width, mask.height]).toEqual([10, 10]);
    // The left half of the box's five rows.
    expect(mask.data.reduce((sum, value) => sum + value, 0)).toBe(5 * 5);
  });

  it('streams text', async () => {
    const { all } = await stream('two cats');
    expect(all.map(({ text }) => text)).toContain('two ca');
  });
});
