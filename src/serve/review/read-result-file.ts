import { open } from 'node:fs/promises';
import * as v from 'valibot';
import { InputError } from '../../base/errors.js';
import { printablePath } from '../../render/printable-path.js';

/** Largest results file, bytes: what a page in the browser can also hold. */
const MAX_BYTES = 256 * 2 ** 20;

const number = v.pipe(v.number(), v.finite());
const side = v.pipe(v.number(), v.safeInteger(), v.minValue(1));
/** What the page relies on; other fields are passed on unchanged. */
const resultSchema = v.looseObject({
  input: v.string(),
  task: v.optional(v.string(), ''),
  prompt: v.optional(v.string(), ''),
  image: v.optional(v.looseObject({ width: side, height: side })),
  text: v.optional(v.string()),
  truncated: v.optional(v.boolean()),
  detections: v.optional(
    v.array(
      v.looseObject({
        label: v.optional(v.string()),
        score: v.optional(number),
        box: v.looseObject({ x0: number, y0: number, x1: number, y1: number }),
        mask: v.optional(v.looseObject({ size: v.strictTuple([side, side]), counts: v.string() })),
      }),
    ),
  ),
  frame: v.optional(v.looseObject({ index: number, timeSeconds: number })),
  error: v.optional(v.looseObject({ code: v.string(), message: v.string(), hint: v.optional(v.string()) })),
});

/** A result from a file, checked as far as the page needs. */
export type FileResult = v.InferOutput<typeof resultSchema>;

/** The contents of a results file. */
export interface ResultFile {
  readonly results: readonly FileResult[];
  /** Sentences about lines that are not results. */
  readonly problems: readonly string[];
}

/**
 * Read results written with `--format jsonl` or `--format json`. A line that is not a result is reported and skipped.
 * @throws {InputError} the file cannot be read, is too large, or contains no results at all.
 */
export async function readResultFile(path: string): Promise<ResultFile> {
  const text = await readText(path);
  const list = text.trimStart().startsWith('[') ? parse(text) : undefined;
  const values = Array.isArray(list)
    ? list.map((value: unknown, i) => ({ value, place: `result ${i + 1}` }))
    : text
        .split('\n')
        .map((line, i) => ({ line, place: `line ${i + 1}` }))
        .filter(({ line }) => line.trim() !== '')
        .map(({ line, place }) => ({ value: parse(line), place }));
  const results: FileResult[] = [];
  const bad: string[] = [];
  for (const { value, place } of values) {
    const read = v.safeParse(resultSchema, value);
    if (read.success) results.push(read.output);
    else bad.push(place);
  }
  if (results.length === 0) {
    const why = bad.length === 0 ? 'is empty' : 'holds no results of pali';
    throw new InputError('RESULTS_UNREADABLE', `${printablePath(path)} ${why}.`, {
      hint: 'Write some with: pali detect cow *.jpg --format jsonl --output results.jsonl',
    });
  }
  return { results, problems: bad.length === 0 ? [] : [describeBad(bad)] };
}

function describeBad(places: readonly string[]): string {
  const [first] = places;
  if (places.length === 1) return `${first} is not a result and was left out.`;
  return `${places.length} lines are not results and were left out; the first is ${first}.`;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function readText(path: string): Promise<string> {
  const shown = printablePath(path);
  try {
    const file = await open(path);
    try {
      const { size } = await file.stat();
      if (size > MAX_BYTES) {
        throw new InputError('RESULTS_TOO_LARGE', `${shown} is larger than ${MAX_BYTES / 2 ** 20} MB.`, {
          hint: 'Review it in parts: split --lines 10000 results.jsonl part-',
        });
      }
      return await file.readFile('utf8');
    } finally {
      await file.close();
    }
  } catch (error) {
    if (error instanceof InputError) throw error;
    const { code, message } = error as NodeJS.ErrnoException;
    const whys: Readonly<Record<string, string>> = {
      ENOENT: 'there is no such file',
      EISDIR: 'it is a folder',
    };
    const why = whys[code ?? ''] ?? message;
    throw new InputError('RESULTS_UNREADABLE', `${shown} cannot be read: ${why}.`, { cause: error });
  }
}
