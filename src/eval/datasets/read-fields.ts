import { decodeMaskRuns } from '../../base/mask-rle.js';
import type { Box } from '../../base/geometry.js';
import type { LabelledMask, LabelledObject } from '../example.js';
import { FaultyLine } from './read-lines.js';

type Fields = Readonly<Record<string, unknown>>;

/** A text of one of these names. @throws {FaultyLine} none of them is one. */
export function readText(fields: Fields, ...names: readonly string[]): string {
  const text = findText(fields, ...names);
  if (text === undefined) throw new FaultyLine(`it has no text \`${names.join('` or `')}\``);
  return text;
}

/** The same, or undefined. */
export function findText(fields: Fields, ...names: readonly string[]): string | undefined {
  const name = names.find((name) => ['string', 'number'].includes(typeof fields[name]));
  return name === undefined ? undefined : String(fields[name]);
}

/** The answers: `answers`, a list of texts or of `{answer}`, or one text. @throws {FaultyLine} there is none. */
export function readAnswers(fields: Fields, ...names: readonly string[]): string[] {
  const value = names.map((name) => fields[name]).find((value) => value !== undefined && value !== null);
  const answers = (Array.isArray(value) ? value : [value]).map((one: unknown) =>
    typeof one === 'object' && one !== null ? (one as Fields)['answer'] : one,
  );
  if (answers.length === 0 || answers.some((one) => typeof one !== 'string' && typeof one !== 'number')) {
    throw new FaultyLine(`it has no answers under \`${names.join('` or `')}\``);
  }
  return answers.map(String);
}

/** An object with its label, box, mask and whether it is a crowd. @throws {FaultyLine} */
export function readObject(value: unknown, label?: string): LabelledObject {
  if (typeof value !== 'object' || value === null)
    throw new FaultyLine('an object in it is not a JSON object');
  const fields = value as Fields;
  const given = fields['mask'] ?? fields['segmentation'];
  const mask = given === undefined ? undefined : readMask(given);
  const box =
    fields['box'] === undefined && fields['bbox'] === undefined
      ? undefined
      : readBox(fields['box'], fields['bbox']);
  if (box === undefined && mask === undefined)
    throw new FaultyLine('an object in it has no `box` and no `mask`');
  const area = typeof fields['area'] === 'number' ? fields['area'] : undefined;
  return {
    label: label ?? readText(fields, 'label', 'name'),
    box: box ?? maskBox(mask!),
    isCrowd: fields['crowd'] === true || fields['iscrowd'] === 1 || fields['iscrowd'] === true,
    ...(mask && { mask }),
    ...(area !== undefined && { area }),
  };
}

/** `box` is [x0, y0, x1, y1] or {x0, y0, x1, y1}, `bbox` COCO's [x, y, width, height]. @throws {FaultyLine} */
export function readBox(box: unknown, bbox: unknown): Box {
  const isOurs = box !== undefined;
  const source = isOurs ? box : bbox;
  const list = Array.isArray(source)
    ? source
    : ['x0', 'y0', 'x1', 'y1'].map((name) => (source as Fields | null)?.[name]);
  if (list.length !== 4 || !list.every((one) => typeof one === 'number' && Number.isFinite(one))) {
    throw new FaultyLine('a box in it is not four numbers');
  }
  const [x0, y0, a, b] = list as number[];
  const read = isOurs ? { x0, y0, x1: a, y1: b } : { x0, y0, x1: x0 + a, y1: y0 + b };
  if (read.x1 < read.x0 || read.y1 < read.y0) throw new FaultyLine('a box in it ends before it begins');
  return read;
}

/** Polygons, COCO's run lengths, or the same compressed. @throws {FaultyLine} {InputError} */
export function readMask(value: unknown): LabelledMask {
  const isNumbers = (list: unknown): list is number[] =>
    Array.isArray(list) && list.every((one) => typeof one === 'number' && Number.isFinite(one));
  if (Array.isArray(value)) {
    const polygons: unknown[] = isNumbers(value) ? [value] : value;
    if (
      polygons.length === 0 ||
      !polygons.every((one) => isNumbers(one) && one.length >= 6 && one.length % 2 === 0)
    ) {
      throw new FaultyLine('a polygon in it is not a list of three or more corners');
    }
    return { polygons: polygons as number[][] };
  }
  const { size, counts } = (value ?? {}) as Fields;
  if (!isNumbers(size) || size.length !== 2) throw new FaultyLine('a mask in it has no `size`');
  const [height, width] = size;
  if (typeof counts === 'string')
    return { width, height, counts: decodeMaskRuns({ size: [height, width], counts }) };
  const areLengths = isNumbers(counts) && counts.every((count) => Number.isInteger(count) && count >= 0);
  if (!areLengths || counts.reduce((sum, count) => sum + count, 0) !== width * height) {
    throw new FaultyLine('the run lengths of a mask in it do not fill its size');
  }
  return { width, height, counts };
}

/** The smallest box around a mask. */
function maskBox(mask: LabelledMask): Box {
  if ('polygons' in mask) {
    const xs = mask.polygons.flatMap((polygon) => polygon.filter((_, i) => i % 2 === 0));
    const ys = mask.polygons.flatMap((polygon) => polygon.filter((_, i) => i % 2 === 1));
    return { x0: least(xs), y0: least(ys), x1: -least(xs.map((x) => -x)), y1: -least(ys.map((y) => -y)) };
  }
  let [x0, y0, x1, y1] = [mask.width, mask.height, 0, 0];
  let place = 0;
  mask.counts.forEach((count, i) => {
    if (i % 2 === 1 && count > 0) {
      const last = place + count - 1;
      const [left, right] = [Math.floor(place / mask.height), Math.floor(last / mask.height)];
      [x0, x1] = [Math.min(x0, left), Math.max(x1, right + 1)];
      y0 = left === right ? Math.min(y0, place % mask.height) : 0;
      y1 = left === right ? Math.max(y1, (last % mask.height) + 1) : mask.height;
    }
    place += count;
  });
  return { x0: Math.min(x0, x1), y0: Math.min(y0, y1), x1, y1 };
}

function least(values: readonly number[]): number {
  return values.reduce((least, value) => Math.min(least, value), Infinity);
}
