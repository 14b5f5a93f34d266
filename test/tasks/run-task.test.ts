import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { CancelledError, EngineError, exitCodes } from '../../src/base/errors.js';
import type { StreamEvent } from '../../src/base/stream-event.js';
import { detectTask } from '../../src/tasks/prompts/detect.js';
import type { RunOptions } from '../../src/tasks/inputs/run-options.js';
import { runTask } from '../../src/tasks/run-task.js';
import type { TaskInput } from '../../src/tasks/inputs/task-input.js';
import type { TaskOutput } from '../../src/tasks/answers/task-output.js';
import type { Task } from '../../src/tasks/prompts/task.js';
import { FakeEngine } from '../support/fake-engine.js';

const picture = 'fixtures/golden/p00_png_224x224.png';
const wide = 'fixtures/golden/p01_jpg_640x480.jpg';
const caption: Task = { name: 'caption', prompt: 'caption en', maxTokens: 128 };
const detect: Task = { name: 'detect', prompt: 'detect cup', maxTokens: 256, constraint: 'detect' };
const segment: Task = { name: 'segment', prompt: 'segment cup', maxTokens: 512, constraint: 'segment' };
const options: RunOptions = {
  sampling: { temperature: 0, topP: 1, seed: 0 },
  isConstrained: true,
  locScale: 1023,
  jobs: 8,
  keepsImages: false,
  signal: new AbortController().signal,
};

async function* feed(...paths: string[]): AsyncGenerator<TaskInput> {
  for (const path of paths) yield { name: path, pictures: [path] };
}

async function collect(outputs: AsyncIterable<TaskOutput>): Promise<TaskOutput[]> {
  const all = [];
  for await (const output of outputs) all.push(output);
  return all;
}

describe('runTask', () => {
  it('gives the text of an answer, cleaned, with the facts around it', async () => {
    const engine = new FakeEngine(() => 'two\u001b[31m cups ');
    const [{ result, exitCode, image }] = await collect(runTask(feed(wide), caption, engine, options));
    expect(exitCode).toBe(exitCodes.ok);
    expect(image).toBeUndefined();
    expect(result).toMatchObject({
      input: wide,
      task: 'caption',
      prompt: 'caption en',
      model: { name: 'fake', dtype: 'fp32', device: 'cpu' },
      image: { width: 640, height: 480 },
      text: 'two cups',
      truncated: false,
      timings: { loadMs: 12, visionMs: 1, prefillMs: 2, generateMs: 10 },
    });
    expect(result).not.toHaveProperty('detections');
    expect(result).not.toHaveProperty('tokens');
    expect(engine.requests[0]).toMatchObject({ prompt: 'caption en', maxTokens: 128, alternatives: 0 });
    expect(engine.requests[0].images[0].side).toBe(28);
    expect(engine.requests[0]).not.toHaveProperty('constraint');
  });

  it('reads boxes in the pixels of the picture, and reports what is no record', async () => {
    const engine = new FakeEngine(() => '<loc0000><loc0000><loc1023><loc0511> cup ; <loc0001><loc0002> cup');
    const [{ result }] = await collect(runTask(feed(wide), detect, engine, options));
    expect(result.detections).toHaveLength(1);
    expect(result.detections![0]).toMatchObject({ label: 'cup', box: { x0: 0, y0: 0, y1: 480 } });
    expect(result.detections![0].box.x1).toBeCloseTo((511 / 1023) * 640, 6);
    expect(result.detections![0].score).toBeCloseTo(Math.exp(-0.1), 6);
    expect(result.rejected).toEqual([{ raw: '<loc0001><loc0002> cup', reason: 'two of four coordinates' }]);
    expect(engine.requests[0].constraint).toBe('detect');
  });

  it('leaves out objects of which the model was less sure than --min-score', async () => {
    // The fake engine's tokens have a probability of 0.905.
    const ask = async (minScore: number): Promise<(string | undefined)[]> => {
      const engine = new FakeEngine(() => '<loc0000><loc0000><loc1023><loc0511> cup');
      const [{ result }] = await collect(runTask(feed(wide), detect, engine, { ...options, minScore }));
      expect(result.raw).toContain('cup');
      return result.detections!.map(({ label }) => label);
    };
    expect(await ask(0.9)).toEqual(['cup']);
    expect(await ask(0.91)).toEqual([]);
  });

  it('gives an empty list when a detect task found nothing', async () => {
    const [{ result }] = await collect(runTask(feed(picture), detect, new FakeEngine(() => ''), options));
    expect(result).toMatchObject({ detections: [], raw: '' });
    expect(result).not.toHaveProperty('text');
  });

  it('places decoded masks', async () => {
    const codes = '<seg001>'.repeat(16);
    const engine = new FakeEngine(() => `<loc0000><loc0000><loc1023><loc1023>${codes} cup`);
    const [{ result }] = await collect(runTask(feed(picture), segment, engine, options));
    const mask = result.detections![0].mask!;
    expect([mask.width, mask.height]).toEqual([224, 224]);
    expect(mask.data.reduce((sum, value) => sum + value, 0)).toBe(112 * 224);
  });

  it('passes the limit, the freedom and the alternatives on', async () => {
    const engine = new FakeEngine(() => 'abcd');
    const special = { ...options, maxTokens: 4, isConstrained: false, alternatives: 1 };
    const [{ result }] = await collect(runTask(feed(picture), detect, engine, special));
    expect(engine.requests[0]).toMatchObject({ maxTokens: 4, alternatives: 1 });
    expect(engine.requests[0]).not.toHaveProperty('constraint');
    expect(result.truncated).toBe(true);
    expect(result.tokens![1]).toEqual({ id: 1, text: 'b', logprob: -0.1, top: [{ id: 1, logprob: -0.1 }] });
  });

  it('asks about several pictures in one prompt', async () => {
    const engine = new FakeEngine(() => 'yes');
    async function* together(): AsyncGenerator<TaskInput> {
      yield { name: 'both', pictures: [picture, wide] };
    }
    const outputs = await collect(runTask(together(), caption, engine, { ...options, keepsImages: true }));
    expect(outputs).toHaveLength(1);
    expect(outputs[0].image!.width).toBe(224);
    expect(engine.requests[0].images).toHaveLength(2);
  });

  it('makes the prompt from the size of the picture', async () => {
    const engine = new FakeEngine(() => 'x');
    const sized: Task = { ...caption, promptFor: ({ width, height }) => `caption ${width}x${height}` };
    const [{ result }] = await collect(runTask(feed(wide), sized, engine, options));
    expect([result.prompt, engine.requests[0].prompt]).toEqual(['caption 640x480', 'caption 640x480']);
  });

  it('goes on after an input that failed, in input order', async () => {
    const engine = new FakeEngine((_, count) => {
      if (count === 2) throw new EngineError('ENGINE_DIED', 'The engine stopped.', { hint: 'Again.' });
      return 'fine';
    });
    const paths = ['no/such.png', picture, picture, picture];
    const outputs = await collect(runTask(feed(...paths), caption, engine, { ...options, jobs: 1 }));
    expect(outputs.map(({ result }) => result.error?.code ?? result.text)).toEqual([
      expect.stringMatching(/^IMAGE_/),
      'fine',
      'ENGINE_DIED',
      'fine',
    ]);
    expect(outputs.map(({ exitCode }) => exitCode)).toEqual([3, 0, 7, 0]);
    expect(outputs[2].result.error).toEqual({
      code: 'ENGINE_DIED',
      message: 'The engine stopped.',
      hint: 'Again.',
    });
  });

  it('keeps no more requests under way than it was told', async () => {
    const engine = new FakeEngine(async () => 'x');
    const paths = Array.from({ length: 7 }, () => picture);
    await collect(runTask(feed(...paths), caption, engine, { ...options, jobs: 3 }));
    expect(engine.requests).toHaveLength(7);
    expect(engine.mostActive).toBeLessThanOrEqual(3);
  });

  it('fails as a whole when the model cannot be loaded', async () => {
    const engine = new FakeEngine(() => 'x');
    engine.load = () => Promise.reject(new EngineError('NO_DEVICE', 'No device can run it.'));
    await expect(collect(runTask(feed(picture), caption, engine, options))).rejects.toThrow('No device');
  });

  it('ends with the cancellation, not with rows of errors', async () => {
    const controller = new AbortController();
    const engine = new FakeEngine((_, count) => {
      if (count === 2) controller.abort(new CancelledError());
      return 'x';
    });
    const outputs = runTask(feed(picture, picture, picture), caption, engine, {
      ...options,
      jobs: 1,
      signal: controller.signal,
    });
    expect((await outputs.next()).value).toMatchObject({ result: { text: 'x' } });
    await expect(outputs.next()).rejects.toThrow(CancelledError);
  });

  it('asks for each thing by itself and puts the answers together', async () => {
    const engine = new FakeEngine(({ prompt }) =>
      prompt === 'detect cup' ? '<loc0000><loc0000><loc0100><loc0100> cup' : '<loc0001>',
    );
    const task: Task = { ...detect, prompt: 'unused', parts: [detect, { ...detect, prompt: 'detect pan' }] };
    const [{ result }] = await collect(runTask(feed(picture), task, engine, { ...options, alternatives: 0 }));
    expect(engine.requests.map(({ prompt }) => prompt)).toEqual(['detect cup', 'detect pan']);
    expect(result).toMatchObject({
      prompt: 'detect cup\ndetect pan',
      raw: '<loc0000><loc0000><loc0100><loc0100> cup\n<loc0001>',
      truncated: false,
      timings: { visionMs: 2, prefillMs: 4, generateMs: 10 },
    });
    expect(result.detections!.map(({ label }) => label)).toEqual(['cup']);
    expect(result.rejected).toHaveLength(1);
    expect(result.tokens).toHaveLength(9);
  });

  it('looks at tiles too', async () => {
    const engine = new FakeEngine(() => '<loc0400><loc0400><loc0600><loc0600> cup');
    const [{ result }] = await collect(runTask(feed(wide), detect, engine, { ...options, tiles: 2 }));
    expect(engine.requests).toHaveLength(5);
    expect(new Set(result.detections!.map(({ box }) => JSON.stringify(box))).size).toBe(5);
  });

  it('gives several answers with seeds of their own', async () => {
    const engine = new FakeEngine(({ sampling }) => `seed ${sampling.seed}`);
    const outputs = await collect(
      runTask(feed(picture, wide), caption, engine, {
        ...options,
        sampling: { temperature: 1, topP: 1, seed: 7 },
        answers: 2,
      }),
    );
    expect(outputs.map(({ result }) => [result.input, result.text])).toEqual([
      [picture, 'seed 7'],
      [picture, 'seed 8'],
      [wide, 'seed 7'],
      [wide, 'seed 8'],
    ]);
  });

  it('tells of starts, tokens and boxes as they come', async () => {
    const engine = new FakeEngine(() => '<loc0000><loc0000><loc1023><loc0511> cup');
    const events: StreamEvent[] = [];
    const watched = { ...options, jobs: 1, onEvent: (event: StreamEvent) => void events.push(event) };
    await collect(runTask(feed(wide, 'gone.png'), detect, engine, watched));
    expect(events.map(({ inputNumber, type }) => `${inputNumber} ${type}`)).toEqual([
      '0 start',
      ...Array.from({ length: 4 }, () => '0 token'),
      '0 box',
      ...Array.from({ length: 4 }, () => '0 token'),
      '1 start',
    ]);
    expect(events[5]).toEqual({
      inputNumber: 0,
      type: 'box',
      index: 0,
      detection: { bins: [0, 0, 1023, 511], box: { x0: 0, y0: 0, x1: (511 / 1023) * 640, y1: 480 } },
    });
  });

  it('marks events with the prompt and the tile that they belong to, boxes in the whole picture', async () => {
    const engine = new FakeEngine(() => '<loc0000><loc0000><loc1023><loc1023> cup');
    const events: StreamEvent[] = [];
    const watched = {
      ...options,
      jobs: 1,
      tiles: 2,
      onEvent: (event: StreamEvent) => void events.push(event),
    };
    await collect(runTask(feed(wide), detectTask('cup ; fork', true), engine, watched));
    const boxes = events.filter((event) => event.type === 'box');
    expect(boxes.map(({ promptNumber, tileNumber, index }) => [promptNumber, tileNumber, index])).toEqual(
      expect.arrayContaining([0, 1].flatMap((prompt) => [0, 1, 2, 3, 4].map((tile) => [prompt, tile, 0]))),
    );
    expect(boxes).toHaveLength(10);
    expect(events.filter(({ type }) => type === 'token')).toHaveLength(80);
    const ofTile = (number: number): unknown =>
      boxes.find(({ promptNumber, tileNumber }) => promptNumber === 1 && tileNumber === number)?.detection;
    expect(ofTile(0)).toMatchObject({ box: { x0: 0, y0: 0, x1: 640, y1: 480 } });
    expect(ofTile(4)).toMatchObject({ box: { x0: 284, y0: 213, x1: 640, y1: 480 } });
  });

  it('marks events with the answer that they belong to', async () => {
    const engine = new FakeEngine(({ sampling }) => `${sampling.seed}`);
    const events: StreamEvent[] = [];
    const watched = { ...options, answers: 2, onEvent: (event: StreamEvent) => void events.push(event) };
    const outputs = await collect(runTask(feed(wide, 'gone.png'), caption, engine, watched));
    const tokens = events.filter((event) => event.type === 'token');
    expect(tokens.map(({ answerNumber, token }) => [answerNumber, token.text]).sort()).toEqual([
      [0, '0'],
      [1, '1'],
    ]);
    expect(outputs.map(({ answerNumber }) => answerNumber)).toEqual([0, 1, undefined]);
  });

  it('opens a picture when its turn comes, and keeps what was thrown', async () => {
    const bug = new TypeError('x is not a function');
    async function* inputs(): AsyncGenerator<TaskInput> {
      yield { name: 'a', pictures: [async () => readFileSync(picture)] };
      yield { name: 'b', pictures: [() => Promise.reject(bug)] };
    }
    const [first, second] = await collect(runTask(inputs(), caption, new FakeEngine(() => 'x'), options));
    expect(first.result.text).toBe('x');
    expect(second).toMatchObject({ exitCode: 1, result: { input: 'b', error: { code: 'BUG' } } });
    expect(second.thrown).toBe(bug);
  });
});
