import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runPali } from '../support/run-pali.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const folder = temporaryFolder();
const home = { PALI_HOME: join(folder, 'home') };
const labelled = 'fixtures/labelled';

interface JsonReport {
  readonly dataset: { readonly kind: string };
  readonly answered: number;
  readonly metrics: readonly {
    readonly metric: string;
    readonly value: number;
    readonly interval: { readonly low: number; readonly high: number };
    readonly parts: readonly { readonly title: string; readonly value?: number }[];
    readonly change?: { readonly difference: number };
  }[];
}

describe('pali eval with the demo model', () => {
  it('finds the drawn shapes, with their masks, and crowds neither help nor hurt', async () => {
    const { stdout, exitCode } = await runPali(
      ['eval', `${labelled}/instances.json`, '--per-class', '--format', 'json', '-q'],
      home,
    );
    const { metrics, answered } = JSON.parse(stdout) as JsonReport;
    expect([exitCode, answered, metrics.map(({ metric }) => metric)]).toEqual([0, 12, ['boxes', 'masks']]);
    expect(metrics[0].value).toBeGreaterThan(0.95);
    expect(metrics[1].value).toBeGreaterThan(0.85);
  });

  it('measures int8 against fp32 from what both kept, and pali score says the same', async () => {
    const data = `${labelled}/captions.json`;
    const [plain, small] = ['fp32.jsonl', 'int8.jsonl'].map((name) => join(folder, name));
    await runPali(['eval', data, '--resume', plain, '-q'], home);
    const args = ['--against', plain, '--format', 'json', '-q'];
    const ran = await runPali(['eval', data, '--dtype', 'int8', '--resume', small, ...args], home);
    const report = JSON.parse(ran.stdout) as JsonReport;
    expect(report.metrics[0]).toMatchObject({ metric: 'cider' });
    expect(report.metrics[0].value).toBeGreaterThan(2);
    expect(report.metrics[0].change).toBeDefined();
    expect(readFileSync(small, 'utf8').trim().split('\n')).toHaveLength(12);
    const scored = await runPali(['score', small, data, ...args], home);
    expect(JSON.parse(scored.stdout)).toEqual(report);
  });

  it('prints a table of POPE, and refuses a metric that does not fit', async () => {
    const data = `${labelled}/coco_pope_random.json`;
    const { stdout } = await runPali(['eval', data, '--limit', '12', '-q'], home);
    expect(stdout).toMatch(
      /^POPE, .*: 12 examples\ndemo fp32 on cpu\n\nPOPE accuracy +\d+\.\d\d +\[.*\] +n 12\n {2}F1 /,
    );
    const refused = await runPali(['eval', data, '--metric', 'boxes', '--limit', '1'], home);
    expect([refused.exitCode, refused.stdout]).toEqual([2, '']);
    expect(refused.stderr).toContain('does not fit this data set');
    const over = await runPali(['eval', data, '--resume', data], home);
    expect(over.stderr).toContain('is an input: it would be written over');
    const unknown = await runPali(['eval', data, '--metric', 'bleurt'], home);
    expect(unknown.stderr).toContain("--metric cannot be 'bleurt'");
  });
});
