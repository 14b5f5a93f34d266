import { InputError } from '../../base/errors.js';
import type { Dataset } from '../dataset.js';
import type { Example, FaultyExample, LabelledObject } from '../example.js';
import { createPictureFinder } from './find-picture.js';
import { readAnswers, readObject, readText } from './read-fields.js';
import { FaultyLine, readOne } from './read-lines.js';

type Fields = Readonly<Record<string, unknown>>;

/** COCO's files of captions and of instances; anything else of COCO is not known. */
export function isCocoDocument(value: unknown): value is Fields {
  const fields = value as Fields | null;
  return Array.isArray(fields?.['images']) && Array.isArray(fields['annotations']);
}

/**
 * COCO captions (each picture with its captions) or instances (each picture with its boxes and masks), in the order
 * of the pictures' numbers as pycocotools has them.
 *
 * @throws {InputError} its annotations are neither.
 */
export function readCocoDocument(document: Fields, path: string, images?: string): Dataset {
  const annotations = document['annotations'] as readonly unknown[];
  const byPicture = new Map<unknown, Fields[]>();
  for (const one of annotations) {
    if (typeof one !== 'object' || one === null) continue;
    const id = (one as Fields)['image_id'];
    byPicture.set(id, [...(byPicture.get(id) ?? []), one as Fields]);
  }
  const find = createPictureFinder(path, images);
  const pictures = (document['images'] as readonly unknown[])
    .filter((one): one is Fields => typeof one === 'object' && one !== null)
    .sort((a, b) => Number(a['id']) - Number(b['id']));
  const each = (
    read: (picture: Fields, found: readonly Fields[]) => Pick<Example, 'task' | 'text' | 'truth'>,
  ): (Example | FaultyExample)[] =>
    pictures.map((picture) => {
      const id = String(picture['id']);
      return readOne(`image ${id}`, path, () => ({
        id,
        picture: find(readText(picture, 'file_name')),
        place: `image ${id}`,
        ...read(picture, byPicture.get(picture['id']) ?? []),
      }));
    });
  if (annotations.some((one) => typeof (one as Fields | null)?.['caption'] === 'string')) {
    const examples = each((_, found) => {
      if (found.length === 0) throw new FaultyLine('it has no caption');
      const answers = found.flatMap((one) => readAnswers(one, 'caption'));
      return { task: 'caption', text: '', truth: { kind: 'text', answers } };
    });
    return { kind: 'COCO captions', examples, labels: [], metrics: ['cider'] };
  }
  const categories = readCategories(document['categories'], path);
  const labels = [...categories.values()];
  const hasMasks = annotations.some((one) => (one as Fields | null)?.['segmentation'] !== undefined);
  const examples = each((_, found) => {
    const objects = found.map((one) => readInstance(one, categories));
    return {
      task: hasMasks ? 'segment' : 'detect',
      text: labels.join(' ; '),
      truth: { kind: 'objects', objects },
    };
  });
  return {
    kind: 'COCO instances',
    categories,
    examples,
    labels,
    metrics: hasMasks ? ['boxes', 'masks'] : ['boxes'],
  };
}

function readInstance(annotation: Fields, categories: ReadonlyMap<number, string>): LabelledObject {
  const label = categories.get(Number(annotation['category_id']));
  if (label === undefined) throw new FaultyLine(`category ${String(annotation['category_id'])} has no name`);
  // An instance without a mask has an empty list.
  const { segmentation, ...rest } = annotation;
  const isEmpty = Array.isArray(segmentation) && segmentation.length === 0;
  return readObject(isEmpty || segmentation === undefined ? rest : annotation, label);
}

function readCategories(value: unknown, path: string): Map<number, string> {
  const rows = (Array.isArray(value) ? value : []) as readonly (Fields | null)[];
  const named = rows.filter((row): row is Fields => typeof row?.['name'] === 'string');
  if (named.length === 0) {
    throw new InputError('DATASET_UNKNOWN', `${path} has annotations, but neither captions nor categories.`, {
      hint: 'Of COCO, captions and instances can be measured.',
    });
  }
  const sorted = [...named].sort((a, b) => Number(a['id']) - Number(b['id']));
  return new Map(sorted.map((row) => [Number(row['id']), row['name'] as string]));
}
