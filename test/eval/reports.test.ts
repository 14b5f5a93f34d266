import { describe, expect, it } from 'vitest';
import { fixturePath } from '../../fixtures/index.js';
import type { Answered } from '../../src/eval/answered.js';
import type { EvalReport } from '../../src/eval/eval-report.js';
import { toReportObject } from '../../src/eval/report-object.js';
import { renderReportPage } from '../../src/eval/report-page.js';
import { reportMetric } from '../../src/eval/report-scores.js';
import { toReportTable } from '../../src/eval/report-table.js';

const nasty = '<script>alert("x")</script>\u001b[31m&';

function answer(id: string, label: string, x: number): Answered {
  const box = { x0: 20, y0: 20, x1: 100, y1: 100 };
  return {
    example: {
      id,
      picture: fixturePath('labelled', 'shapes_01.png'),
      place: id,
      task: 'detect',
      text: nasty,
      truth: { kind: 'objects', objects: [{ label: nasty, box, isCrowd: false }] },
    },
    answer: {
      text: '',
      objects: [{ label, box: { ...box, x0: x }, score: 0.9 }],
      size: { width: 320, height: 240 },
    },
  };
}

const labels = [nasty, 'dog'];
const answered = [answer('one', nasty, 20), answer('two', 'dog', 20), answer(nasty, nasty, 90)];
const before = [answer('one', nasty, 20), answer('two', nasty, 20), answer(nasty, nasty, 95)];
const report: EvalReport = {
  dataset: { path: nasty, kind: 'JSON lines' },
  model: { name: 'demo', dtype: 'fp32', device: 'cpu' },
  answered: 3,
  failed: 1,
  metrics: [reportMetric('boxes', answered, labels, before)],
};

describe('reports', () => {
  it('has the metric, its parts, classes, confusions and changes in a table without control characters', () => {
    const table = toReportTable(report);
    expect(table).toMatch(/^JSON lines, .*: 3 examples, 1 without an answer\ndemo fp32 on cpu\n/);
    expect(table).toMatch(/AP of boxes +\d/);
    expect(table).toContain('class ');
    expect(table).toContain('taken for another:');
    expect(table).toMatch(/difference +-/);
    expect(table).toMatch(/changed most:\ntwo +100\.00 +-> +0\.00/);
    expect(table).not.toContain('\u001b');
  });

  it('is JSON without nothing in it', () => {
    const object = JSON.parse(JSON.stringify(toReportObject(report))) as typeof report;
    expect(object).toMatchObject({ schemaVersion: 1, answered: 3, metrics: [{ metric: 'boxes', size: 3 }] });
    expect(JSON.stringify(object)).not.toContain('null');
    expect(object.metrics[0].classes).toHaveLength(1);
  });

  it('is a page that escapes all it did not write, and loads nothing', async () => {
    const page = await renderReportPage(report, answered);
    expect(page).not.toMatch(/<script/i);
    expect(page).toContain('&#60;script&#62;');
    expect(page).toContain("default-src 'none'");
    expect(page.match(/<img /g)).toHaveLength(3);
    expect(page).toContain('data:image/jpeg;base64,');
    expect(page).toContain('<rect class="truth" x="20" y="20" width="80" height="80">');
  });

  it('names the groups of a data set, and none where there is one', () => {
    const text = (id: string, group: string, given: string): Answered => ({
      example: {
        id,
        picture: '',
        place: id,
        task: 'answer',
        text: '',
        group,
        truth: { kind: 'text', answers: ['yes'] },
      },
      answer: { text: given, objects: [] },
    });
    const two = [text('1', 'random', 'yes'), text('2', 'popular', 'no')];
    expect(reportMetric('pope', two, []).groups.map(({ group, value }) => [group, value])).toEqual([
      ['random', 1],
      ['popular', 0],
    ]);
    expect(reportMetric('pope', two, []).parts).toContainEqual({ title: 'mean of the groups', value: 0.5 });
    expect(reportMetric('pope', two.slice(0, 1), []).groups).toEqual([]);
    expect(() => reportMetric('boxes', two, [])).toThrow(/does not fit this data set/);
  });
});
