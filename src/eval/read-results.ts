import { InputError } from '../base/errors.js';
import { decodeMaskRuns, type MaskRle } from '../base/mask-rle.js';
import type { Box, Size } from '../base/geometry.js';
import type { AnsweredObject } from './answered.js';
import { parseJson, readDocument } from './datasets/read-document.js';
import { readBox, readMask } from './datasets/read-fields.js';
import { FaultyLine } from './datasets/read-lines.js';

/** A result that exists, of pali or of another program. */
export interface FoundResult {
  /** Ids that the result gives for its example, the likeliest first. */
  readonly ids: readonly string[];
  /** Name of the picture. */
  readonly picture?: string;
  /** What was asked. */
  readonly prompt?: string;
  readonly text?: string;
  readonly objects?: readonly AnsweredObject[];
  /** Of COCO's results: the number of the class instead of its label. */
  readonly categoryIds?: readonly number[];
  readonly size?: Size;
  readonly model?: { readonly name: string; readonly dtype: string; readonly device: string };
  readonly isError: boolean;
  /** Which commands of pali wrote it; absent of other programs' results. */
  readonly writer?: 'eval' | 'task';
}

type Fields = Readonly<Record<string, unknown>>;

/**
 * Read results: lines of JSON, or a JSON array, of pali's results, of `{id, answer}` (VQA, POPE), `{image_id, caption}`
 * (COCO captions), or of COCO's boxes and masks.
 * @throws {InputError} the file cannot be read, or a line of it is no result.
 */
export async function readResults(path: string): Promise<FoundResult[]> {
  return parseResults(await readDocument(path), path);
}

/** The same from what was read. @param path for the messages. @throws {InputError} a line is no result. */
export function parseResults(text: string, path: string): FoundResult[] {
  const list = text.trimStart().startsWith('[') ? parseJson(text) : undefined;
  if (Array.isArray(list))
    return list.map((one: unknown, i) => readResult(one, `result ${i + 1} of ${path}`));
  const lines = text.split('\n');
  return lines.flatMap((line, i) => {
    if (line.trim() === '') return [];
    return [readResult(parseJson(line), `line ${i + 1} of ${path}`)];
  });
}

function readResult(value: unknown, place: string): FoundResult {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw unreadable(place, 'it is not an object');
  const fields = value as Fields;
  const text = findText(fields, 'text', 'answer', 'caption', 'prediction', 'response');
  const picture = findText(fields, 'input', 'image', 'file_name');
  const prompt = findText(fields, 'prompt', 'question');
  try {
    const objects = readObjects(fields);
    const categoryId = fields['category_id'];
    const ids = ['example', 'question_id', 'questionId', 'image_id', 'id']
      .map((name) => findText(fields, name))
      .filter((id) => id !== undefined);
    return {
      ids,
      ...(picture !== undefined && { picture }),
      ...(prompt !== undefined && { prompt }),
      ...(text !== undefined && objects === undefined && { text }),
      ...(objects && { objects }),
      ...(typeof categoryId === 'number' && { categoryIds: [categoryId] }),
      ...(isSize(fields['image']) && { size: fields['image'] }),
      ...(isModel(fields['model']) && { model: fields['model'] }),
      isError: fields['error'] !== undefined && fields['error'] !== null,
      ...('schemaVersion' in fields && { writer: 'example' in fields ? 'eval' : 'task' }),
    };
  } catch (error) {
    if (error instanceof FaultyLine || error instanceof InputError) throw unreadable(place, error.message);
    throw error;
  }
}

function readObjects(fields: Fields): AnsweredObject[] | undefined {
  const list = fields['detections'];
  if (Array.isArray(list)) return list.map((one: Fields) => readObject(one, one['box'], undefined));
  if (typeof fields['category_id'] !== 'number') return undefined;
  return [readObject(fields, undefined, fields['bbox'])];
}

function readObject(fields: Fields, box: unknown, bbox: unknown): AnsweredObject {
  const given = fields['mask'] ?? fields['segmentation'];
  const mask = given === undefined || given === null ? undefined : readRuns(given);
  const score = fields['score'];
  if (typeof score !== 'number') throw new FaultyLine('an object in it has no `score`');
  const none: Box = { x0: 0, y0: 0, x1: 0, y1: 0 };
  const hasBox = box !== undefined || bbox !== undefined;
  return {
    label: findText(fields, 'label') ?? '',
    box: hasBox ? readBox(box, bbox) : none,
    score,
    ...(mask && { mask }),
  };
}

function readRuns(value: unknown): { width: number; height: number; counts: readonly number[] } {
  if (typeof value === 'object' && value !== null && typeof (value as Fields)['counts'] === 'string') {
    const rle = value as MaskRle;
    return { width: rle.size[1], height: rle.size[0], counts: decodeMaskRuns(rle) };
  }
  const mask = readMask(value);
  if ('counts' in mask) return mask;
  throw new FaultyLine('the mask of an object in it is a polygon; results have run lengths');
}

function findText(fields: Fields, ...names: readonly string[]): string | undefined {
  const name = names.find((name) => ['string', 'number'].includes(typeof fields[name]));
  return name === undefined ? undefined : String(fields[name]);
}

function isSize(value: unknown): value is Size {
  const size = value as Size | null | undefined;
  return Number.isInteger(size?.width) && Number.isInteger(size?.height);
}

function isModel(value: unknown): value is NonNullable<FoundResult['model']> {
  const model = value as Fields | null | undefined;
  return ['name', 'dtype', 'device'].every((name) => typeof model?.[name] === 'string');
}

function unreadable(place: string, why: string): InputError {
  return new InputError('RESULT_UNREADABLE', `${place} is not a result: ${why.replace(/\.$/, '')}.`, {
    hint: 'Results are what --format jsonl and --resume write, or the answers of other programs as in docs/eval.md.',
  });
}
