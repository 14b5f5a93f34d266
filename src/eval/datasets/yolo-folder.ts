import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { dirname, extname, join, resolve, sep } from 'node:path';
import { parse } from 'yaml';
import { InputError } from '../../base/errors.js';
import type { Dataset } from '../dataset.js';
import type { Example, FaultyExample, LabelledObject } from '../example.js';
import { isPictureName } from './picture-name.js';
import { readDocument } from './read-document.js';
import { FaultyLine, readOne } from './read-lines.js';

type Fields = Readonly<Record<string, unknown>>;

/**
 * A data set of YOLO: data.yaml names the classes and the folder of pictures (`val`, else `test`, else `train`); beside
 * it, a folder `labels` has a text file for each picture, with a box (`class cx cy w h`) or polygon a line, in shares
 * of the picture. A picture without such a file has no objects.
 *
 * @param path of data.yaml.
 * @throws {InputError} it has no classes, or there are no pictures.
 */
export async function readYoloFolder(path: string, images?: string): Promise<Dataset> {
  const data = readYaml(await readDocument(path), path);
  const labels = readNames(data['names']);
  if (labels.length === 0) throw new InputError('DATASET_UNKNOWN', `${path} has no \`names\` of classes.`);
  const folder = images ?? findPictures(data, path);
  const names = await readdir(folder).catch(() => []);
  const pictures = names.filter(isPictureName).sort();
  if (pictures.length === 0) throw new InputError('DATASET_INCOMPLETE', `There is no picture in ${folder}.`);
  let hasMasks = false;
  const examples: (Example | FaultyExample)[] = [];
  for (const name of pictures) {
    const picture = join(folder, name);
    const file = labelFile(picture);
    const text = await readFile(file, 'utf8').catch(() => '');
    const example = readOne(name, file, () => {
      const objects = text
        .split('\n')
        .map((line) => line.trim())
        .flatMap((line, i) => (line === '' ? [] : [readLine(line, i + 1, labels)]));
      hasMasks ||= objects.some(({ mask }) => mask !== undefined);
      const truth = { kind: 'objects', objects, isRelative: true } as const;
      return { id: name, picture, place: name, task: 'detect', text: labels.join(' ; '), truth };
    });
    examples.push(example);
  }
  const task = hasMasks ? 'segment' : 'detect';
  return {
    kind: 'YOLO',
    examples: examples.map((one) => ('error' in one ? one : { ...one, task })),
    labels,
    metrics: hasMasks ? ['boxes', 'masks'] : ['boxes'],
  };
}

function readLine(line: string, number: number, labels: readonly string[]): LabelledObject {
  const values = line.split(/\s+/).map(Number);
  const [index, ...places] = values;
  const isPolygon = places.length >= 6 && places.length % 2 === 0;
  if (values.some((value) => !Number.isFinite(value)) || (places.length !== 4 && !isPolygon)) {
    throw new FaultyLine(`line ${number} is neither a box nor a polygon`);
  }
  const label = labels[index];
  if (label === undefined)
    throw new FaultyLine(`line ${number} names class ${index}, and there are ${labels.length}`);
  if (!isPolygon) {
    const [x, y, width, height] = places;
    const box = { x0: x - width / 2, y0: y - height / 2, x1: x + width / 2, y1: y + height / 2 };
    return { label, box, isCrowd: false };
  }
  const xs = places.filter((_, i) => i % 2 === 0);
  const ys = places.filter((_, i) => i % 2 === 1);
  const box = { x0: Math.min(...xs), y0: Math.min(...ys), x1: Math.max(...xs), y1: Math.max(...ys) };
  return { label, box, mask: { polygons: [places] }, isCrowd: false };
}

function readYaml(text: string, path: string): Fields {
  try {
    const value: unknown = parse(text);
    if (typeof value === 'object' && value !== null) return value as Fields;
  } catch (cause) {
    throw new InputError('DATASET_UNREADABLE', `${path} is no YAML.`, { cause });
  }
  throw new InputError('DATASET_UNREADABLE', `${path} describes nothing.`);
}

/** A list, or a map from numbers. */
function readNames(value: unknown): string[] {
  if (Array.isArray(value)) return value.map(String);
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).map(String);
}

function findPictures(data: Fields, path: string): string {
  const split = ['val', 'valid', 'test', 'train']
    .map((name) => data[name])
    .find((one) => typeof one === 'string');
  const root = typeof data['path'] === 'string' ? data['path'] : '.';
  const folder = dirname(path);
  const places = [resolve(folder, root, split ?? 'images'), resolve(folder, split ?? 'images')];
  // Roboflow writes ../valid/images where valid/images is meant.
  places.push(resolve(folder, (split ?? 'images').replace(/^(?:\.\.\/)+/, '')));
  return places.find((place) => existsSync(place)) ?? places[0];
}

/** images/…/a.jpg -> labels/…/a.txt, the last folder `images` on the way. */
function labelFile(picture: string): string {
  const parts = picture.slice(0, picture.length - extname(picture).length).split(sep);
  const place = parts.lastIndexOf('images');
  if (place !== -1) parts[place] = 'labels';
  return `${parts.join(sep)}.txt`;
}
