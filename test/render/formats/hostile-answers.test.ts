import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PaliError } from '../../../src/base/errors.js';
import type { StreamEvent } from '../../../src/base/stream-event.js';
import { taskNames } from '../../../src/base/task-name.js';
import type { TaskResult } from '../../../src/base/task-result.js';
import type { InputError } from '../../../src/base/errors.js';
import { createCocoRenderer } from '../../../src/render/formats/coco.js';
import { createCsvRenderer } from '../../../src/render/formats/csv.js';
import { endEventsOf, renderStreamEvent } from '../../../src/render/formats/event-stream.js';
import { createJsonlRenderer, createJsonRenderer } from '../../../src/render/formats/json.js';
import { objectFileName } from '../../../src/render/object-file-name.js';
import { formatOverlaySvg } from '../../../src/render/drawing/overlay-svg.js';
import { answerFoot } from '../../../src/render/drawing/answer-foot.js';
import { toOverlayShapes } from '../../../src/render/drawing/overlay-shapes.js';
import { createRawRenderer } from '../../../src/render/formats/raw.js';
import type { ResultRenderer } from '../../../src/render/formats/result-renderer.js';
import { createTextRenderer } from '../../../src/render/formats/text.js';
import { createYoloWriter } from '../../../src/render/formats/yolo.js';
import { readAnswer } from '../../../src/tasks/answers/read-answer.js';
import { FakeEngine } from '../../support/fake-engine.js';
import { readCsv } from '../../support/read-csv.js';

/** Set PALI_FUZZ_RUNS=100000 for a long search; unset, it takes a few seconds. */
const RUNS = Number(process.env['PALI_FUZZ_RUNS'] ?? 600);
/** Of the runs, one in so many also writes files or draws. */
const RUNS_PER_FILE_RUN = 20;
const TIMEOUT_MS = 60_000 + RUNS * 20;

const PICTURE = { width: 37, height: 23 };

const number = (digits: number, max: number): fc.Arbitrary<string> =>
  fc.integer({ min: 0, max }).map((value) => String(value).padStart(digits, '0'));
const loc = number(4, 1100).map((value) => `<loc${value}>`);
const box = fc
  .tuple(...Array.from({ length: 4 }, () => fc.integer({ min: 0, max: 1023 })))
  .map(([a, b, c, d]) =>
    [Math.min(a, c), Math.min(b, d), Math.max(a, c), Math.max(b, d)]
      .map((value) => `<loc${String(value).padStart(4, '0')}>`)
      .join(''),
  );
const codes = fc
  .array(number(3, 130), { minLength: 15, maxLength: 17 })
  .map((values) => values.map((value) => `<seg${value}>`).join(''));
/** What terminals, spreadsheets, file systems, XML and JSON readers act on. */
const hostile = fc.constantFrom(
  '\u001b]0;title\u0007',
  '\u001b[2J',
  '\u001b[31m',
  '\u001bP+q\u001b\\',
  '\u009b31m',
  '\u009d52;c;eA==\u009c',
  '\u0000',
  '\u0008',
  '\u007f',
  '\u0085',
  '\r',
  '\r\n',
  '\n',
  '\t',
  '\u2028',
  '\u202e',
  '\u2066',
  '\ud800',
  '\udfff',
  '\u0301',
  '👩‍🚀',
  '=cmd|x!A1',
  '@SUM(1)',
  '-1',
  '"',
  "'",
  ',',
  '</svg><script>',
  '../../../',
  'C:\\',
  'CON',
  '<loc',
  '<seg1',
  '<eos>',
  '__proto__',
);
const piece = fc.oneof(
  { weight: 4, arbitrary: box },
  { weight: 2, arbitrary: codes },
  { weight: 2, arbitrary: fc.constantFrom(' ; ', ';', ' ', ' cat', ' a red dog') },
  { weight: 3, arbitrary: hostile },
  { weight: 1, arbitrary: loc },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 6 }) },
);
const text = fc.array(piece, { maxLength: 14 }).map((pieces) => pieces.join(''));
const name = fc.array(fc.oneof(hostile, fc.constantFrom('a', 'dir/', '.jpg')), { maxLength: 6 });

const engine = new FakeEngine(() => '');

/** A result as the tasks make it of an answer, or undefined when it was refused as it should be. */
const answered = fc
  .record({ raw: text, input: name.map((parts) => parts.join('')), task: fc.constantFrom(...taskNames) })
  .map(async ({ raw, input, task }): Promise<TaskResult | undefined> => {
    const done = {
      type: 'done' as const,
      stop: 'eos' as const,
      raw,
      tokens: Array.from(raw.match(/<(?:loc|seg)\d+>|[^]/gu) ?? [], (one, id) => ({
        id,
        text: one,
        logprob: -0.1,
        top: [],
      })),
      timings: { visionMs: 1, prefillMs: 1, generateMs: 1 },
    };
    const prompt = 'detect cat';
    try {
      const answer = await readAnswer({
        task: { name: task, prompt, maxTokens: 9 },
        done,
        picture: PICTURE,
        locScale: 1023,
        engine,
      });
      return { input, task, prompt, image: PICTURE, truncated: false, tokens: done.tokens, ...answer };
    } catch (error) {
      expect(error).toBeInstanceOf(PaliError);
      return undefined;
    }
  });

function render(renderer: ResultRenderer, result: TaskResult): string {
  return renderer.start() + renderer.renderResult(result) + renderer.end();
}

/** Escape sequences, controls but tab and line feed, and overrides of the direction. */
// eslint-disable-next-line no-control-regex
const UNSAFE = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/;

function expectJson(output: string): void {
  expect(output.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\u2028\u2029]/u);
  expect(output).not.toMatch(UNSAFE);
  JSON.parse(output);
}

describe('answers that mean harm', () => {
  it(
    'leave every text format without control characters, and whole',
    async () => {
      const jsonFormats: (() => ResultRenderer)[] = [
        createJsonRenderer,
        createJsonlRenderer,
        () => createCocoRenderer({ segmentation: 'rle' }),
        () => createCocoRenderer({ segmentation: 'polygon' }),
      ];
      await fc.assert(
        fc.asyncProperty(answered, async (work) => {
          const result = await work;
          if (result === undefined) return;
          for (const isTerminal of [true, false]) {
            const style = { isTerminal, withInputName: isTerminal };
            expect(render(createTextRenderer({ ...style, isColored: false }), result)).not.toMatch(UNSAFE);
            const colored = render(createTextRenderer({ ...style, isColored: true }), result);
            // eslint-disable-next-line no-control-regex
            expect(colored.replace(/\u001b\[(?:2|35|36|0)m/g, '')).not.toMatch(UNSAFE);
            expect(render(createRawRenderer(style), result)).not.toMatch(UNSAFE);
          }
          for (const create of jsonFormats) expectJson(render(create(), result));
          const { input, task, prompt } = result;
          const events: StreamEvent[] = [
            { inputNumber: 0, type: 'start', input, task, prompt },
            ...result.tokens!.map((token) => ({ inputNumber: 0, type: 'token' as const, token })),
            ...endEventsOf(result, { inputNumber: 0 }),
          ];
          for (const event of events) expectJson(renderStreamEvent(event));

          const csv = render(createCsvRenderer(), result);
          expect(csv.replaceAll('\r\n', '\n')).not.toMatch(UNSAFE);
          for (const cell of readCsv(csv).flat()) {
            if (!/^-?[\d.]+$/.test(cell)) expect(cell).not.toMatch(/^\s*[=+\-@]/);
          }
          for (const { label } of result.detections ?? []) {
            expect(objectFileName('x', 1, label)).toMatch(/^x-1-[\p{L}\p{M}\p{N}_-]+\.png$/u);
          }
        }),
        { numRuns: RUNS },
      );
    },
    TIMEOUT_MS,
  );

  it(
    'stay in the folder that YOLO files go to, one line for each object',
    async () => {
      const parent = mkdtempSync(join(tmpdir(), 'pali-hostile-'));
      const folder = join(parent, 'labels');
      try {
        const writer = await createYoloWriter({ folder, things: [], inputFolders: [] });
        const files = new Set<string>();
        await fc.assert(
          fc.asyncProperty(answered, async (work) => {
            const result = await work;
            if (result?.detections === undefined) return;
            const path = await writer.write(result).catch((error: InputError) => {
              // Two of one name: the second has no labels.
              expect(error.code).toBe('LABELS_SHARED');
              return undefined;
            });
            if (path === undefined) return;
            files.add(path);
            expect(resolve(dirname(path))).toBe(resolve(folder));
            expect(path.slice(folder.length + 1)).not.toMatch(/[\p{Cc}/\\]/u);
            const lines = readFileSync(path, 'utf8').split('\n');
            expect(lines).toHaveLength(result.detections.length + 1);
            for (const line of lines.slice(0, -1))
              expect(line).toMatch(/^\d+(?: (?:0\.\d{6}|1\.000000)){4,}$/);
          }),
          { numRuns: Math.ceil(RUNS / RUNS_PER_FILE_RUN) },
        );
        expect(readdirSync(parent)).toEqual(['labels']);
        expect(
          readdirSync(folder).filter((name) => !['classes.txt', 'data.yaml'].includes(name)),
        ).toHaveLength(files.size);
        expect(readFileSync(join(folder, 'classes.txt'), 'utf8').replaceAll('\n', '')).not.toMatch(/\p{Cc}/u);
      } finally {
        rmSync(parent, { recursive: true, force: true });
      }
    },
    TIMEOUT_MS,
  );

  it(
    'make a drawing that holds no markup of theirs',
    async () => {
      const image = { ...PICTURE, data: new Uint8Array(PICTURE.width * PICTURE.height * 3) };
      await fc.assert(
        fc.asyncProperty(answered, async (work) => {
          const result = await work;
          if (result === undefined) return;
          const svg = await formatOverlaySvg(
            image,
            toOverlayShapes(result.detections ?? []),
            answerFoot(result),
          );
          expect(svg).not.toMatch(UNSAFE);
          expect(
            svg.match(/<\/?([a-z]+)/g)!.filter((tag) => !/^<\/?(?:svg|image|g|path|rect|text)$/.test(tag)),
          ).toEqual([]);
        }),
        { numRuns: Math.ceil(RUNS / RUNS_PER_FILE_RUN) },
      );
    },
    TIMEOUT_MS,
  );
});
