import { appendFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fixturePath } from '../../../fixtures/index.js';
import { CancelledError } from '../../../src/base/errors.js';
import type { RgbImage } from '../../../src/base/image.js';
import type { TaskResult } from '../../../src/base/task-result.js';
import { decodeImage } from '../../../src/image/decode/decode-image.js';
import { captionTask } from '../../../src/tasks/prompts/caption.js';
import { detectTask } from '../../../src/tasks/prompts/detect.js';
import { processVideo } from '../../../src/tasks/videos/process-video.js';
import { spread } from '../../../src/tasks/videos/ask-jointly.js';
import { openJournal } from '../../../src/tasks/journal/open-journal.js';
import type { RunOptions } from '../../../src/tasks/inputs/run-options.js';
import type { TaskOutput } from '../../../src/tasks/answers/task-output.js';
import type { Task } from '../../../src/tasks/prompts/task.js';
import type { VideoOptions } from '../../../src/tasks/videos/video-options.js';
import { probeVideo } from '../../../src/video/probe/probe-video.js';
import { sampleFrames } from '../../../src/video/frames/sample-frames.js';
import { collect } from '../../support/make-clip.js';
import { FakeEngine, type FakeAnswer } from '../../support/fake-engine.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pali-process-'));
});
afterAll(async () => rm(folder, { recursive: true, force: true }));

const crossing = fixturePath('video', 'crossing.mp4');
const shots = fixturePath('video', 'three_shots.mp4');
const title = fixturePath('video', 'title.mp4');

const everySecond: VideoOptions = {
  sampling: { kind: 'every', everySeconds: 1 },
  isSummary: false,
  isTracked: false,
};

function runOptions(signal = new AbortController().signal): RunOptions {
  return {
    sampling: { temperature: 0, topP: 1, seed: 0 },
    isConstrained: false,
    locScale: 1023,
    jobs: 4,
    keepsImages: false,
    signal,
    answers: 1,
    tiles: 1,
  };
}

async function run(
  path: string,
  task: Task,
  answer: FakeAnswer,
  options: Partial<VideoOptions> = {},
  more: Partial<RunOptions> = {},
): Promise<{ results: TaskResult[]; outputs: TaskOutput[]; engine: FakeEngine }> {
  const engine = new FakeEngine(answer);
  const outputs = await collect(
    processVideo({ path, name: 'clip.mp4' }, task, engine, {
      ...runOptions(),
      ...more,
      video: { ...everySecond, ...options },
    }),
  );
  return { results: outputs.map(({ result }) => result), outputs, engine };
}

/** The answers of a model that sees everything, in the order in which frames are asked about. */
function truthOf(name: string, everyFrames: number): FakeAnswer {
  const lines = readFileSync(fixturePath('video', `${name}.jsonl`), 'utf8')
    .trim()
    .split('\n');
  return (_, count) => {
    const { objects } = JSON.parse(lines[(count - 1) * everyFrames]) as {
      objects: { label: string; box_yxyx: number[] }[];
    };
    const loc = (value: number): string => `<loc${String(Math.round(value * 1023)).padStart(4, '0')}>`;
    return objects.map(({ label, box_yxyx }) => `${box_yxyx.map(loc).join('')} ${label}`).join(' ; ');
  };
}

async function runAgain(path: string, answer: FakeAnswer): ReturnType<typeof run> {
  const journal = await openJournal(
    path,
    { task: captionTask({}), engine: new FakeEngine(answer) },
    runOptions(),
  );
  const ran = await run(crossing, captionTask({}), answer, {}, { journal });
  await journal?.close();
  return ran;
}

describe('processVideo', () => {
  it('answers frames in order, several at a time, with their times', async () => {
    let count = 0;
    const slowFirst: FakeAnswer = async () => {
      const mine = ++count;
      await new Promise((wake) => setTimeout(wake, mine === 1 ? 60 : 5));
      return `answer ${mine}`;
    };
    const { results, engine } = await run(crossing, captionTask({}), slowFirst);
    expect(results.map(({ frame }) => frame)).toEqual(
      Array.from({ length: 8 }, (_, i) => ({ index: i * 10, timeSeconds: i, endSeconds: i + 1 })),
    );
    expect(results[0]).toMatchObject({
      input: 'clip.mp4',
      text: 'answer 1',
      image: { width: 320, height: 180 },
    });
    expect(engine.mostActive).toBeGreaterThan(1);
  });

  it('does not ask about frames that hardly differ', async () => {
    const { results, engine } = await run(title, captionTask({}), (_, count) => `answer ${count}`, {
      sampling: { kind: 'every', everySeconds: 0.5 },
      similarity: 0.03,
    });
    expect(results).toHaveLength(20);
    expect(engine.requests.length).toBeLessThan(9);
    expect(results[3].frame).toEqual({ index: 15, timeSeconds: 1.5, endSeconds: 2, sameAs: 0 });
    expect(results[3].text).toBe(results[0].text);
    expect(results[7]).toMatchObject({ frame: { timeSeconds: 3.5 }, text: 'answer 2' });
    expect(results[3].timings).toBeUndefined();
  });

  it('gives one failed frame an error and goes on', async () => {
    const { results, outputs } = await run(crossing, captionTask({}), (_, count) => {
      if (count === 3) throw new Error('broken');
      return 'fine';
    });
    expect(results.map(({ error }) => error?.message)).toEqual(
      Array.from({ length: 8 }, (_, i) => (i === 2 ? 'broken' : undefined)),
    );
    expect(outputs[2].exitCode).toBe(1);
  });

  it('puts frames evenly spaced into one prompt, repeated where there are too few', async () => {
    const { results, engine } = await run(crossing, captionTask({}), () => 'a dog walks', { jointFrames: 8 });
    expect(results).toHaveLength(1);
    expect(results[0]).toMatchObject({ text: 'a dog walks', image: { width: 320, height: 180 } });
    expect(engine.requests[0].images).toHaveLength(8);
    expect(engine.requests[0].images[7].data).not.toEqual(engine.requests[0].images[0].data);
    const short = await run(crossing, captionTask({}), () => 'x', { jointFrames: 8, endSeconds: 0.3 });
    expect(short.engine.requests[0].images).toHaveLength(8);
    expect(spread(3, 8)).toEqual([0, 0, 0, 1, 1, 1, 2, 2]);
  });

  it('sums up in the order of first appearance', async () => {
    const answers = [
      'a beach',
      'a beach',
      'a street',
      'a beach',
      'the sea',
      'the sea',
      'the sea',
      'a moon',
      'a moon',
    ];
    const { results } = await run(shots, captionTask({}), (_, count) => answers[count - 1], {
      isSummary: true,
    });
    expect(results).toHaveLength(1);
    expect(results[0].text).toBe('a beach\na street\nthe sea\na moon');
    expect(results[0].frame).toBeUndefined();
  });

  it('keeps ids through a shot and begins new ones after a cut', async () => {
    const { results } = await run(shots, detectTask('anything'), truthOf('three_shots', 10), {
      isTracked: true,
    });
    const ids = results.map(({ frame }) => [...(frame?.trackIds ?? [])].sort((a, b) => a - b));
    expect(ids).toEqual([
      [1, 2],
      [1, 2],
      [1, 2],
      [3, 4],
      [3, 4],
      [3, 4],
      [5, 6],
      [5, 6],
      [5, 6],
    ]);
  });

  it('goes on where a killed run stopped', async () => {
    const path = join(folder, 'run.jsonl');
    const controller = new AbortController();
    const engine = new FakeEngine((_, count) => `answer ${count}`);
    const journal = await openJournal(path, { task: captionTask({}), engine }, runOptions());
    const first = processVideo({ path: crossing, name: 'clip.mp4' }, captionTask({}), engine, {
      ...runOptions(controller.signal),
      journal,
      video: everySecond,
    });
    const seen: TaskResult[] = [];
    await expect(
      (async () => {
        for await (const { result } of first)
          if (seen.push(result) === 3) controller.abort(new CancelledError());
      })(),
    ).rejects.toBeInstanceOf(CancelledError);
    await journal?.close();
    await appendFile(path, '{"schemaVersion":1,"inp');
    const second = await runAgain(path, () => 'new');
    expect(second.results.map(({ text }) => text)).toEqual([
      ...seen.map(({ text }) => text),
      ...Array<string>(8 - seen.length).fill('new'),
    ]);
    const third = await runAgain(path, () => 'never asked');
    expect(third.engine.requests).toHaveLength(0);
    expect(third.results.map(({ text }) => text)).toEqual(second.results.map(({ text }) => text));
    expect((await readFile(path, 'utf8')).trim().split('\n')).toHaveLength(8);
  });

  it('draws boxes where they should be, between looked at frames too', async () => {
    const path = join(folder, 'annotated.mp4');
    await run(crossing, detectTask('anything'), truthOf('crossing', 5), {
      sampling: { kind: 'every', everySeconds: 0.5 },
      isTracked: true,
      annotate: path,
    });
    const plain = await collect(sampleFrames(await probeVideo(crossing), { sampling: { kind: 'all' } }));
    const drawn = await collect(sampleFrames(await probeVideo(path), { sampling: { kind: 'all' } }));
    expect(drawn).toHaveLength(80);
    const lines = readFileSync(fixturePath('video', 'crossing.jsonl'), 'utf8').trim().split('\n');
    for (const number of [12, 23, 38]) {
      const { objects } = JSON.parse(lines[number]) as { objects: { label: string; box_yxyx: number[] }[] };
      for (const { box_yxyx } of objects.filter(({ label }) => label !== 'dog')) {
        const [y0, x0, y1, x1] = box_yxyx;
        const change = edgeChange(
          plain[number].image,
          drawn[number].image,
          x0 * 320,
          y0 * 180,
          x1 * 320,
          y1 * 180,
        );
        expect(change).toBeGreaterThan(30);
      }
    }
  });

  it('writes answers as subtitles, each until the next', async () => {
    const path = join(folder, 'subtitled.mp4');
    const answers = ['', 'two', 'two', 'a whale on the sea'];
    await run(crossing, captionTask({}), (_, count) => answers[count - 1], {
      sampling: { kind: 'every', everySeconds: 2 },
      annotate: path,
    });
    const [plain, drawn] = await Promise.all(
      [crossing, path].map(async (clip) =>
        collect(sampleFrames(await probeVideo(clip), { sampling: { kind: 'all' } })),
      ),
    );
    expect(drawn).toHaveLength(80);
    const inkOf = (number: number, height: number): number =>
      bottomChange(plain[number].image, drawn[number].image, height);
    for (const number of [5, 19]) expect(inkOf(number, 30)).toBeLessThan(0.02);
    const [short, long] = [inkOf(20, 30), inkOf(70, 30)];
    expect(short).toBeGreaterThan(0.02);
    expect(long).toBeGreaterThan(2 * short);
    expect(Math.abs(inkOf(59, 30) - short)).toBeLessThan(0.02);
  });

  it('hides what was found, with the sound kept', async () => {
    const path = join(folder, 'hidden.webm');
    await run(shots, detectTask('anything'), truthOf('three_shots', 5), {
      sampling: { kind: 'every', everySeconds: 0.5 },
      annotate: path,
      redact: 'box',
    });
    const video = await probeVideo(path);
    expect(video.hasAudio).toBe(true);
    const drawn = await collect(
      sampleFrames(video, {
        sampling: {
          kind: 'numbers',
          ranges: [
            [7, 7],
            [52, 52],
          ],
        },
      }),
    );
    const lines = readFileSync(fixturePath('video', 'three_shots.jsonl'), 'utf8').trim().split('\n');
    drawn.forEach(({ image }, i) => {
      const { objects } = JSON.parse(lines[[7, 52][i]]) as { objects: { box_yxyx: number[] }[] };
      for (const {
        box_yxyx: [y0, x0, y1, x1],
      } of objects) {
        const at = (Math.round(((y0 + y1) / 2) * 180) * 320 + Math.round(((x0 + x1) / 2) * 320)) * 3;
        expect(Math.max(...image.data.subarray(at, at + 3))).toBeLessThan(40);
      }
    });
  });

  it('finishes the files when the work is cut short', async () => {
    const [annotate, contactSheet] = [join(folder, 'short.mp4'), join(folder, 'sheet.png')];
    const engine = new FakeEngine(truthOf('crossing', 10));
    const controller = new AbortController();
    const options = { ...everySecond, annotate, contactSheet };
    const outputs = processVideo({ path: crossing, name: 'c' }, detectTask('x'), engine, {
      ...runOptions(controller.signal),
      video: options,
    });
    let count = 0;
    await expect(
      (async () => {
        for await (const { result } of outputs) {
          if (result.frame && ++count === 4) controller.abort(new CancelledError());
        }
      })(),
    ).rejects.toBeInstanceOf(CancelledError);
    expect((await probeVideo(annotate)).durationSeconds).toBeGreaterThanOrEqual(3);
    const sheet = await decodeImage(contactSheet);
    expect(sheet.width).toBeGreaterThan(400);
  });

  it('asks nothing for a file in a folder that is not there', async () => {
    for (const options of [{ annotate: '/none/a.mp4' }, { contactSheet: '/none/a.png' }]) {
      const engine = new FakeEngine(() => 'x');
      const outputs = processVideo({ path: crossing, name: 'c' }, captionTask({}), engine, {
        ...runOptions(),
        video: { ...everySecond, ...options },
      });
      await expect(collect(outputs)).rejects.toMatchObject({ exitCode: 2, code: 'OUTPUT_UNWRITABLE' });
      expect(engine.requests).toHaveLength(0);
    }
  });

  it.each([
    [{ annotate: 'a.mp4', redact: 'box' as const }, captionTask({})],
    [{ annotate: 'a.avi' }, detectTask('x')],
    [{ jointFrames: 4, isSummary: true }, captionTask({})],
  ])('refuses %o', async (options, task) => {
    await expect(run(crossing, task, () => 'x', options)).rejects.toMatchObject({ exitCode: 2 });
  });
});

/** The part of the lowest rows, 0 to 1, whose pixels differ clearly. */
function bottomChange(a: RgbImage, b: RgbImage, rows: number): number {
  const from = (a.height - rows) * a.width * 3;
  let changed = 0;
  for (let i = from; i < a.data.length; i++) if (Math.abs(a.data[i] - b.data[i]) > 40) changed++;
  return changed / (a.data.length - from);
}

/** Mean change of colour along the edges of a box, just inside it. */
function edgeChange(a: RgbImage, b: RgbImage, x0: number, y0: number, x1: number, y1: number): number {
  let sum = 0;
  let count = 0;
  const add = (x: number, y: number): void => {
    // The line is 1 pixel wide and may be a pixel off where a box moves.
    const changes = [-1, 0, 1].flatMap((dx) =>
      [-1, 0, 1].map((dy) => {
        const at = (Math.min(179, Math.max(0, y + dy)) * 320 + Math.min(319, Math.max(0, x + dx))) * 3;
        return [0, 1, 2].reduce((total, c) => total + Math.abs(a.data[at + c] - b.data[at + c]), 0) / 3;
      }),
    );
    sum += Math.max(...changes);
    count++;
  };
  for (let x = Math.ceil(x0); x < x1; x++) [y0, y1 - 1].forEach((y) => add(x, Math.round(y)));
  for (let y = Math.ceil(y0); y < y1; y++) [x0, x1 - 1].forEach((x) => add(Math.round(x), y));
  return sum / count;
}
