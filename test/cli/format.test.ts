import { describe, expect, it } from 'vitest';
import { describeProgress } from '../../src/cli/results/describe-progress.js';
import { describeProblems } from '../../src/cli/results/describe-problems.js';
import type { Pack } from '../../src/base/model-files/pack.js';
import { formatManifest, formatModelTable, toModelObject } from '../../src/cli/models/format-models.js';
import { formatSize } from '../../src/cli/models/format-size.js';
import { formatTable } from '../../src/cli/models/format-table.js';
import { hasColors } from '../../src/cli/has-colors.js';
import { createProgressLine } from '../../src/cli/results/progress-line.js';
import { captionResult, detectResult, errorResult } from '../support/results.js';
import { sampleManifest } from '../support/sample-manifest.js';

describe('formatSize', () => {
  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [1000, '1.0 kB'],
    [49_900_000, '50 MB'],
    [999_600_000, '1.0 GB'],
    [1_570_000_000, '1.6 GB'],
  ])('%d bytes: %s', (bytes, text) => expect(formatSize(bytes)).toBe(text));
});

describe('formatTable', () => {
  it('aligns for people and puts tabs for programs', () => {
    const rows = [
      ['A', 'B'],
      ['long', ''],
      ['猫', 'x'],
    ];
    expect(formatTable(rows, true)).toBe('A     B\nlong\n猫    x\n');
    expect(formatTable(rows, false)).toBe('A\tB\nlong\t\n猫\tx\n');
  });
});

describe('toModelObject', () => {
  it('says which model is the default, and which is damaged', () => {
    const model = { name: 'mine', dtype: 'int8', folder: '/m', sizeBytes: 5, modified: new Date(0) } as const;
    const whole = { ...model, manifest: sampleManifest('int8') };
    const { family, vision } = whole.manifest.spec;
    expect(toModelObject(whole, 'mine')).toMatchObject({
      isDefault: true,
      family,
      imageSize: vision.imageSize,
    });
    expect(toModelObject(model, 'demo')).toEqual({
      ...model,
      ...{ modified: '1970-01-01T00:00:00.000Z', isDefault: false, isDamaged: true },
    });
  });
});

describe('formatModelTable', () => {
  it('marks the default and shows what is damaged', () => {
    const common = { dtype: 'int8', folder: '/m', sizeBytes: 0, modified: new Date(0) } as const;
    const models = [
      { ...common, name: 'mine', manifest: sampleManifest('int8'), sizeBytes: 1_600_000_000 },
      { ...common, name: 'other' },
    ];
    expect(formatModelTable(models, 'mine', false).split('\n').slice(1, 3)).toEqual([
      'mine *\tpaligemma2\t448 px\tint8\t1.6 GB\t1970-01-01 00:00',
      'other\tdamaged\t-\tint8\t0 B\t1970-01-01 00:00',
    ]);
  });
});

describe('formatManifest', () => {
  it('tells what became of packed weights', () => {
    const manifest = sampleManifest('int4');
    const model = { name: 'mine', dtype: 'int4', folder: '/m' } as const;
    const file = { path: 'a.data', sha256: '0'.repeat(64), sampleSha256: '0'.repeat(64) };
    const pack: Pack = {
      ...{ schemaVersion: 1, isWanted: true, runtime: '1.2.3', processor: 'abacus' },
      ...{ source: 'x', graph: 'a.onnx', files: [{ ...file, sizeBytes: 2_400_000_000 }], checksum: 'x' },
    };
    const lineOf = (found: Parameters<typeof formatManifest>[2]): string | undefined =>
      /^packed weights +(.*)$/m.exec(formatManifest(model, manifest, found, false))?.[1];
    expect(lineOf('unfit')).toBeUndefined();
    expect(lineOf('missing')).toBe('none; to write them: pali pack mine --dtype int4');
    const command = 'pali pack mine --dtype int4';
    expect(lineOf('refused')).toBe('none, as was asked for');
    expect(lineOf('damaged')).toBe(
      `damaged: not used, and made anew by the next run on the CPU, or by ${command}`,
    );
    expect(lineOf('unreadable')).toBe('not used, as packed.json cannot be read');
    expect(lineOf({ pack, fit: 'current' })).toBe('2.4 GB, for onnxruntime 1.2.3');
    expect(lineOf({ pack, fit: 'other runtime' })).toMatch(
      /^2.4 GB, for onnxruntime 1.2.3: out of date, and made anew by the next run.* or by pali pack mine/,
    );
    expect(lineOf({ pack, fit: 'other weights' })).toMatch(
      /^2.4 GB, of weights that the model had before: out of date, and made anew by the next run/,
    );
    expect(lineOf({ pack, fit: 'other processor' })).toMatch(
      /for another processor, not used on this one; to write those of this one: pali pack mine/,
    );
    const inFolder = formatManifest(model, manifest, 'missing', false, './my folder');
    expect(inFolder).toContain("pali pack './my folder' --dtype int4");
  });

  it('has words for the two decoders of int8-int4', () => {
    const manifest = sampleManifest('int8-int4');
    const part = { format: 'int4', sizeBytes: 1 };
    const parts = { 'decoder (cpu-step)': part, 'decoder (cpu-prefill)': part, 'vision (cpu)': part };
    const text = formatManifest(
      { name: 'mine', dtype: 'int8-int4', folder: '/m' },
      { ...manifest, parts },
      'unfit',
      false,
    );
    expect(text).toMatch(/^ {2}decoder for answers +int4, 1 B\n {2}decoder for prompts +int4/m);
    expect(text).toMatch(/^ {2}vision \(cpu\) +int4/m);
  });
});

describe('hasColors', () => {
  it.each([
    [true, {}, true],
    [false, {}, false],
    [true, { NO_COLOR: '1' }, false],
    [true, { NO_COLOR: '' }, true],
    [false, { FORCE_COLOR: '1' }, true],
    [true, { FORCE_COLOR: '0' }, false],
    [true, { TERM: 'dumb' }, false],
  ])('terminal %s, %j: %s', (isTTY, env, colors) => expect(hasColors({ isTTY }, env)).toBe(colors));
});

describe('describeProgress', () => {
  it.each([
    [1, 2, 0, '1/2'],
    [14, 200, 6087, '14/200 · 2.3 pictures/s · 1 min 21 s left'],
    [1, 101, 60_000, '1/101 · 0.0 pictures/s · 1 h 40 min left'],
    [2, 2, 1000, '2/2 · 2.0 pictures/s · 0 s left'],
  ])('%d of %d after %d ms', (done, total, elapsedMs, text) => {
    expect(describeProgress(done, total, elapsedMs)).toBe(text);
  });
});

describe('createProgressLine', () => {
  it('draws on a terminal, not too often, and wipes the line', () => {
    let [written, time] = ['', 0];
    const terminal = { isTTY: true, columns: 6, write: (text: string) => (written += text) };
    const line = createProgressLine(false, terminal, () => time);
    line.clear();
    line.show('first one');
    line.show('too soon');
    time = 200;
    line.show('b');
    line.clear();
    expect(written).toBe('\r\u001b[2Kfirst\r\u001b[2Kb\r\u001b[2K');
  });

  it('draws nothing into a file or when quiet', () => {
    let written = '';
    const write = (text: string): string => (written += text);
    createProgressLine(false, { isTTY: false, write }).show('x');
    createProgressLine(true, { isTTY: true, write }).show('x');
    expect(written).toBe('');
  });
});

describe('describeProblems', () => {
  const options = { format: 'text', isQuiet: false, isVerbose: false } as const;

  it('tells an error once: on stderr, or in the JSON', () => {
    expect(describeProblems(errorResult, options)).toEqual(['There is no gone.jpg. Check the name.']);
    // Not in the sentence: "go" is part of another word there.
    expect(describeProblems({ ...errorResult, input: 'go' }, options)).toEqual([
      'go: There is no gone.jpg. Check the name.',
    ]);
    expect(describeProblems(errorResult, { ...options, isQuiet: true })).toHaveLength(1);
    expect(describeProblems(errorResult, { ...options, format: 'jsonl' })).toEqual([]);
  });

  it('tells cut answers and rejected records unless it must be quiet', () => {
    const result = { ...detectResult, truncated: true };
    expect(describeProblems(result, options)).toEqual([
      expect.stringContaining('--max-tokens'),
      expect.stringContaining('one of four coordinates'),
    ]);
    expect(describeProblems(result, { ...options, isQuiet: true })).toEqual([]);
    expect(describeProblems(captionResult, options)).toEqual([]);
  });

  it('tells the times with --verbose', () => {
    expect(describeProblems(detectResult, { ...options, isVerbose: true }).at(-1)).toContain('vision 3 ms');
  });
});
