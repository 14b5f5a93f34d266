import { spawnSync } from 'node:child_process';
import { appendFileSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fixturePath } from '../../fixtures/index.js';
import { InputError } from '../../src/base/errors.js';
import { openDataset } from '../../src/eval/datasets/open-dataset.js';
import { evaluate, type Evaluation, type EvaluateOptions } from '../../src/eval/evaluate.js';
import { readResults } from '../../src/eval/read-results.js';
import { ResultsFile } from '../../src/eval/results-file.js';
import { scoreResults } from '../../src/eval/score-results.js';
import { FakeEngine } from '../support/fake-engine.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const folder = temporaryFolder();
const picture = fixturePath('labelled', 'shapes_01.png');

const options: EvaluateOptions = {
  metrics: ['caseless'],
  prompts: {},
  run: {
    sampling: { temperature: 0, topP: 1, seed: 0 },
    isConstrained: true,
    locScale: 1023,
    jobs: 4,
    keepsImages: false,
    signal: new AbortController().signal,
  },
  onFault: () => undefined,
  onOutput: () => undefined,
};

function writeLines(name: string, rows: readonly unknown[]): string {
  const path = join(folder, name);
  writeFileSync(path, rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
  return path;
}

const questions = writeLines(
  'questions.jsonl',
  Array.from({ length: 6 }, (_, i) => ({
    image: picture,
    question: `is it ${i}?`,
    answers: [i < 3 ? 'yes' : 'no'],
  })),
);

async function run(
  engine: FakeEngine,
  more: Partial<EvaluateOptions> = {},
  path = questions,
): Promise<Evaluation> {
  return evaluate(await openDataset(path), path, engine, { ...options, ...more });
}

describe('evaluate', () => {
  it('asks about every example and measures the answers', async () => {
    const engine = new FakeEngine(() => 'Yes');
    const seen: string[] = [];
    const { report, exitCode } = await run(engine, {
      onOutput: ({ example }, { done, total }) => seen.push(`${example.id} ${done}/${total}`),
    });
    expect(engine.requests.map(({ prompt }) => prompt.trim()).sort()[0]).toBe('answer en is it 0?');
    expect(seen).toEqual([
      'line 1 1/6',
      'line 2 2/6',
      'line 3 3/6',
      'line 4 4/6',
      'line 5 5/6',
      'line 6 6/6',
    ]);
    expect(report.metrics[0]).toMatchObject({ metric: 'caseless', value: 0.5, size: 6 });
    expect(report.metrics[0].worst.map(({ id }) => id)).toEqual(['line 4', 'line 5', 'line 6']);
    expect([exitCode, report.failed]).toEqual([0, 0]);
  });

  it('takes another prompt and a limit', async () => {
    const engine = new FakeEngine(() => 'yes');
    const prompts = { template: 'tell {text} now' };
    const { report } = await run(engine, { prompts, limit: 2 });
    expect(engine.requests.map(({ prompt }) => prompt.trim()).sort()).toEqual([
      'tell is it 0? now',
      'tell is it 1? now',
    ]);
    expect(report.metrics[0].value).toBe(1);
  });

  it('goes on where a run was killed in the middle of a line, and comes to the same number', async () => {
    const path = join(folder, 'kept.jsonl');
    const kept = async (engine: FakeEngine, limit?: number): Promise<Evaluation> => {
      const file = await ResultsFile.open(path);
      return run(engine, { kept: { file, path }, limit }).finally(() => file.close());
    };
    await kept(new FakeEngine(() => 'yes'), 4);
    const whole = readFileSync(path, 'utf8');
    expect(JSON.parse(whole.split('\n')[0])).toMatchObject({
      example: 'line 1',
      truth: { answers: ['yes'] },
      text: 'yes',
    });
    appendFileSync(path, whole.slice(0, 60));
    const engine = new FakeEngine(() => 'no');
    const { report } = await kept(engine);
    expect(engine.requests).toHaveLength(2);
    expect(report.metrics[0].value).toBeCloseTo(5 / 6, 12);
    expect(readFileSync(path, 'utf8').split('\n')).toHaveLength(7);
    const again = new FakeEngine(() => 'no');
    const file = await ResultsFile.open(path);
    await run(again, { kept: { file, path }, prompts: { template: 'why {text}' } }).finally(() =>
      file.close(),
    );
    expect(again.requests).toHaveLength(6);
  });

  it.each(['hello', '[{"example": "line 1", "text": "yes"}]', '{"n": 1}\nhello'])(
    'leaves %j alone, which an earlier run did not write',
    async (content) => {
      const path = join(folder, 'foreign.json');
      writeFileSync(path, content);
      await expect(ResultsFile.open(path)).rejects.toThrow(InputError);
      expect(readFileSync(path, 'utf8')).toBe(content);
    },
  );

  it('refuses what another command keeps, and a line without a model, and changes neither', async () => {
    const line = { schemaVersion: 1, input: picture, task: 'caption', prompt: 'caption en' };
    const model = { name: 'demo', dtype: 'fp32', device: 'cpu' };
    for (const [code, row] of [
      ['JOURNAL_OTHER_RUN', { ...line, model, text: 'a cup', options: {} }],
      ['JOURNAL_UNREADABLE', line],
      ['JOURNAL_UNREADABLE', { ...line, model, example: 'line 1' }],
    ] as const) {
      const path = writeLines('caption.jsonl', [row]);
      appendFileSync(path, '{"schemaVersion":1,"input":"b');
      const before = readFileSync(path, 'utf8');
      await expect(ResultsFile.open(path)).rejects.toMatchObject({ code });
      expect(readFileSync(path, 'utf8')).toBe(before);
    }
  });

  it.skipIf(process.platform === 'win32')('takes /dev/null without a lock, and refuses a pipe', async () => {
    const file = await ResultsFile.open('/dev/null');
    expect(readdirSync('/dev')).not.toContain('null.lock');
    const kept = { file, path: '/dev/null' };
    const { report } = await run(new FakeEngine(() => 'yes'), { kept }).finally(() => file.close());
    expect(report.answered).toBe(6);
    const pipe = join(folder, 'pipe');
    spawnSync('mkfifo', [pipe]);
    for (const path of [pipe, '/dev/zero'])
      await expect(ResultsFile.open(path)).rejects.toMatchObject({ code: 'OUTPUT_UNWRITABLE' });
    expect(readdirSync(folder)).not.toContain('pipe.lock');
  });

  it('refuses a file that another run is writing to, and leaves its unfinished line alone', async () => {
    const path = join(folder, 'shared.jsonl');
    const first = await ResultsFile.open(path);
    appendFileSync(path, '{"schemaVersion":1,"input"');
    await expect(ResultsFile.open(path)).rejects.toMatchObject({ code: 'FILE_IN_USE' });
    expect(readFileSync(path, 'utf8')).toBe('{"schemaVersion":1,"input"');
    await first.close();
    await (await ResultsFile.open(path)).close();
    expect(readdirSync(folder)).not.toContain('shared.jsonl.lock');
  });

  it('adds a line to a file whose last line has no line break', async () => {
    const path = join(folder, 'open-ended.jsonl');
    writeFileSync(path, '{"example": "line 1", "text": "yes", "prompt": "is it 0?"}');
    const file = await ResultsFile.open(path);
    await run(new FakeEngine(() => 'no'), { kept: { file, path } }).finally(() => file.close());
    expect(await readResults(path)).toHaveLength(7);
  });

  it('refuses answers of another model', async () => {
    const path = writeLines('other.jsonl', [
      { example: 'line 1', text: 'yes', model: { name: 'big', dtype: 'int4', device: 'cpu' } },
    ]);
    const file = await ResultsFile.open(path);
    await expect(run(new FakeEngine(() => 'no'), { kept: { file, path } })).rejects.toThrow(
      /answers of big int4/,
    );
    await file.close();
  });

  it('makes one error of a bad line, a missing picture, and truth of another picture', async () => {
    const path = writeLines('faulty.jsonl', [
      { image: picture, boxes: [{ label: 'red circle', box: [10, 10, 90, 90] }] },
      { image: 'missing.png', boxes: [{ label: 'red circle', box: [0, 0, 9, 9] }] },
      { image: picture, boxes: [{ label: 'red circle', box: [0, 0, 900, 90] }] },
      { image: picture, boxes: 3 },
      {
        image: picture,
        masks: [{ label: 'red circle', box: [0, 0, 9, 9], mask: [[0, 0, 1e9, 0, 1e9, 1e9]] }],
      },
    ]);
    const faults: string[] = [];
    const errors: (string | undefined)[] = [];
    const { report, exitCode } = await run(
      new FakeEngine(() => '<loc0043><loc0032><loc0384><loc0288> red circle'),
      {
        metrics: ['boxes'],
        onFault: ({ error }) => faults.push(error.message),
        onOutput: ({ result }) => errors.push(result.error?.message),
      },
      path,
    );
    expect(faults).toEqual([expect.stringMatching(/^line 4 of /)]);
    expect(errors.slice(0, 1)).toEqual([undefined]);
    expect(errors[2]).toMatch(
      /^The truth of line 3 does not fit .*320 x 240 pixels: the box of red circle lies outside/,
    );
    expect(errors[3]).toContain('the polygon of red circle reaches outside');
    expect([report.answered, report.failed, exitCode]).toEqual([1, 4, 3]);
    expect(report.metrics[0].value).toBeCloseTo(1, 12);
  });

  it('compares with another run picture by picture', async () => {
    const before = writeLines(
      'before.jsonl',
      Array.from({ length: 5 }, (_, i) => ({ example: `line ${i + 1}`, text: 'no' })),
    );
    const { report } = await run(new FakeEngine(() => 'yes'), { against: await readResults(before) });
    const { change } = report.metrics[0];
    expect(change).toMatchObject({ difference: 0.6 - 0.4, before: 0.4, size: 5 });
    expect(change!.interval!.low).toBeLessThan(0);
    expect(change!.most[0]).toEqual({ id: 'line 1', score: 1, before: 0 });
  });

  it('measures what it kept as pali score does', async () => {
    const path = writeLines(
      'circles.jsonl',
      Array.from({ length: 9 }, () => ({
        image: picture,
        boxes: [{ label: 'red circle', box: [10, 10, 90, 90] }],
      })),
    );
    const engine = new FakeEngine(
      (_, count) => `<loc0043><loc00${10 + 9 * count}><loc0384><loc0288> red circle`,
    );
    const kept = join(folder, 'objects.jsonl');
    const file = await ResultsFile.open(kept);
    const metrics = ['boxes'] as const;
    const ran = await run(engine, { metrics, kept: { file, path: kept } }, path);
    await file.close();
    const scored = await scoreResults(await readResults(kept), await openDataset(path), path, {
      metrics,
      onFault: () => undefined,
      onNote: () => undefined,
    });
    expect(ran.report.metrics[0].value).toBeGreaterThan(0);
    expect(scored.report.metrics).toEqual(ran.report.metrics);
  });
});

describe('scoreResults', () => {
  it('finds examples of other programs’ results by id, by picture and question, by picture', async () => {
    const rows = [
      { question_id: 'line 1', answer: 'yes' },
      { image: 'shapes_01.png', question: 'is it 1?', prediction: 'yes' },
      { input: picture, prompt: 'answer en is it 3?', text: 'yes' },
      { image: 'elsewhere.png', question: 'is it 4?', prediction: 'yes' },
    ];
    const notes: string[] = [];
    const { report } = await scoreResults(
      await readResults(writeLines('foreign.jsonl', rows)),
      await openDataset(questions),
      questions,
      { metrics: ['exact'], onFault: () => undefined, onNote: (note) => notes.push(note) },
    );
    expect(report.metrics[0]).toMatchObject({ value: 2 / 3, size: 3 });
    expect(notes).toEqual([
      '1 result belongs to no example.',
      '3 examples have no result; they do not count.',
    ]);
  });

  it('reads COCO’s results of boxes, and of captions', async () => {
    const path = fixturePath('labelled', 'instances.json');
    const document = JSON.parse(readFileSync(path, 'utf8')) as {
      annotations: { image_id: number; category_id: number; bbox: number[]; iscrowd: number }[];
    };
    const found = document.annotations
      .filter(({ iscrowd }) => iscrowd === 0)
      .map(({ image_id, category_id, bbox }) => ({ image_id, category_id, bbox, score: 0.5 }));
    const file = join(folder, 'boxes.json');
    writeFileSync(file, JSON.stringify(found));
    const notes = { onFault: () => undefined, onNote: () => undefined };
    const boxes = await scoreResults(await readResults(file), await openDataset(path), path, {
      metrics: ['boxes'],
      ...notes,
    });
    expect(boxes.report.metrics[0].value).toBeCloseTo(1, 12);
    const captions = fixturePath('labelled', 'captions.json');
    writeFileSync(
      file,
      JSON.stringify([
        { image_id: 1, caption: 'a red circle' },
        { image_id: 2, caption: 'a blue star' },
      ]),
    );
    const scored = await scoreResults(await readResults(file), await openDataset(captions), captions, {
      metrics: ['cider', 'bleu'],
      ...notes,
    });
    expect(scored.report.metrics.map(({ size }) => size)).toEqual([2, 2]);
  });

  it('says which line is no result, and when nothing belongs to the data set', async () => {
    const path = writeLines('odd.jsonl', [{ id: 'x', text: 'a' }, 7]);
    await expect(readResults(path)).rejects.toThrow(/line 2 of .* is not a result/);
    const strange = await readResults(writeLines('strange.jsonl', [{ id: 'x', text: 'a' }]));
    const scoring = scoreResults(strange, await openDataset(questions), questions, {
      metrics: ['exact'],
      onFault: () => undefined,
      onNote: () => undefined,
    });
    await expect(scoring).rejects.toThrow(/None of the 1 results/);
  });
});
