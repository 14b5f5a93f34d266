import { describe, expect, it } from 'vitest';
import { BatchSummary } from '../../../src/cli/results/batch-summary.js';
import { describeStop, type StoppedRun } from '../../../src/cli/results/describe-stop.js';
import { detectionOf } from '../../support/masks.js';
import { captionResult, detectResult } from '../../support/results.js';

const box = { x0: 0, y0: 0, x1: 5, y1: 5 };

describe('the end of a batch', () => {
  it('has pictures, objects by class, failures, places and time', () => {
    let now = 0;
    const summary = new BatchSummary(() => now);
    const detections = ['cow', 'dog', 'cow'].map((label) => detectionOf(label, box));
    summary.add({ result: { ...detectResult, detections } });
    expect([summary.isBatch, summary.hasVideo]).toEqual([false, false]);
    summary.add({ result: { ...detectResult, detections: detections.slice(0, 1) }, isRecalled: true });
    summary.add({ result: { ...detectResult, error: { code: 'X', message: 'x' }, detections: [] } });
    now = 83_200;
    expect(summary.describe(['set/', 'boxes/'], 'a.jsonl')).toBe(
      '3 pictures · 3 cow, 1 dog · 1 failed · 1 known from a.jsonl · written to set/, boxes/ · 1 min 24 s',
    );
  });

  it('counts several answers of a picture once, and frames with their videos', () => {
    const summary = new BatchSummary(() => 0);
    for (const answerNumber of [0, 1, 2]) summary.add({ result: captionResult, answerNumber });
    const frame = { index: 1, timeSeconds: 0, endSeconds: 1 };
    for (const input of ['a.mp4', 'a.mp4', 'b.mp4'])
      summary.add({ result: { ...captionResult, input, frame } });
    expect(summary.describe([], undefined)).toBe('1 picture · 3 frames of 2 videos · 0 s');
  });

  it('says when nothing was found, and names the commonest classes only', () => {
    const none = new BatchSummary(() => 0);
    none.add({ result: { ...detectResult, detections: [] } });
    expect(none.describe([], undefined)).toContain('1 picture · nothing found');
    const many = new BatchSummary(() => 0);
    const labels = Array.from({ length: 12 }, (_, i) => `c${i}`);
    many.add({ result: { ...detectResult, detections: labels.map((label) => detectionOf(label, box)) } });
    expect(many.describe([], undefined)).toContain('1 c7, 4 others');
  });
});

describe('what Ctrl-C leaves', () => {
  const run: StoppedRun = {
    ...{ answered: 12, kept: undefined, total: 40, canSkip: false },
    ...{ resume: undefined, output: undefined, filesFrom: undefined },
  };
  const argv = ['detect', 'cow ; tractor', 'my photos', '--overwrite', '-o', 'set/'];

  it('is the same line with --resume', () => {
    expect(describeStop({ ...run, resume: 'a.jsonl', kept: 14 }, [...argv, '--resume', 'a.jsonl'])).toEqual([
      'stopped: 14 answers are kept in a.jsonl. To go on:',
      "  pali detect 'cow ; tractor' 'my photos' --overwrite -o set/ --resume a.jsonl",
    ]);
  });

  it('leaves the choice of files to --resume where there is both', () => {
    const both = { ...run, resume: 'a.jsonl', kept: 14, output: 'set/', canSkip: true };
    expect(describeStop(both, ['caption', 'photos', '--resume', 'a.jsonl'])[1]).toBe(
      '  pali caption photos --resume a.jsonl',
    );
  });

  it('skips what has its file in a folder', () => {
    expect(describeStop({ ...run, output: 'set/', canSkip: true }, argv)).toEqual([
      'stopped: 12 of 40 answered, kept in set/. To go on:',
      "  pali detect 'cow ; tractor' 'my photos' -o set/ --skip-existing",
    ]);
  });

  it('says how to go on another time where nothing can', () => {
    expect(describeStop({ ...run, output: 'a.csv', total: undefined }, argv)).toEqual([
      'stopped: 12 answered, kept in a.csv. With --resume answers.jsonl a run can continue where it stopped.',
    ]);
  });

  it('gives no line that cannot be typed', () => {
    const long = Array.from({ length: 500 }, (_, i) => `photo-${i}.jpg`);
    expect(describeStop({ ...run, resume: 'a.jsonl', kept: 1 }, long)).toEqual([
      'stopped: 1 answer is kept in a.jsonl. To go on: the same line.',
    ]);
    expect(describeStop({ ...run, output: 'x/', canSkip: true, filesFrom: '-' }, argv)[0]).toContain(
      'To go on: the same line and --skip-existing.',
    );
  });
});
