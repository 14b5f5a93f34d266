import { basename, dirname, join } from 'node:path';
import { existsSync } from 'node:fs';
import { InputError } from '../../base/errors.js';
import type { Dataset } from '../dataset.js';
import { createPictureFinder } from './find-picture.js';
import { findText, readAnswers, readText } from './read-fields.js';
import { FaultyLine, readOne } from './read-lines.js';
import { parseJson, readDocument } from './read-document.js';

type Fields = Readonly<Record<string, unknown>>;

/** Whether a value is VQAv2's file of questions or its file of annotations (also OKVQA's). */
export function isVqaDocument(value: unknown): value is Fields {
  const fields = value as Fields | null;
  const list = [fields?.['questions'], fields?.['annotations']].find((one) => Array.isArray(one));
  const first = (list as readonly unknown[] | undefined)?.[0];
  return typeof first === 'object' && first !== null && 'question_id' in first;
}

/**
 * VQAv2: questions and annotations are two files; whichever is given, the other is the one of the same split beside it.
 * @throws {InputError} the other is not there.
 */
export async function readVqaDocuments(document: Fields, path: string, images?: string): Promise<Dataset> {
  const isQuestions = Array.isArray(document['questions']);
  const otherPath = findOther(path, isQuestions);
  const other = parseJson(await readDocument(otherPath)) as Fields | undefined;
  const [questions, annotations] = isQuestions ? [document, other] : [other, document];
  const answers = new Map(listOf(annotations?.['annotations']).map((one) => [one['question_id'], one]));
  const find = createPictureFinder(path, images);
  const split = typeof questions?.['data_subtype'] === 'string' ? questions['data_subtype'] : splitOf(path);
  const examples = listOf(questions?.['questions']).map((question) => {
    const id = String(question['question_id']);
    return readOne(`question ${id}`, path, () => {
      const annotation = answers.get(question['question_id']);
      if (annotation === undefined) throw new FaultyLine('it has no annotation');
      const group = findText(annotation, 'answer_type');
      return {
        id,
        picture: find(`COCO_${split}_${String(question['image_id']).padStart(12, '0')}.jpg`),
        place: `question ${id}`,
        task: 'answer',
        text: readText(question, 'question'),
        truth: { kind: 'text', answers: readAnswers(annotation, 'answers') },
        ...(group !== undefined && { group }),
      };
    });
  });
  return { kind: 'VQAv2', examples, labels: [], metrics: ['vqa'] };
}

function listOf(value: unknown): Fields[] {
  return (Array.isArray(value) ? value : []).filter(
    (one): one is Fields => typeof one === 'object' && one !== null,
  );
}

function splitOf(path: string): string {
  return /(?:train|val|test)\d{4}/.exec(basename(path))?.[0] ?? 'val2014';
}

function findOther(path: string, isQuestions: boolean): string {
  const name = basename(path);
  const names = isQuestions
    ? [
        name.replace('questions', 'annotations').replace('OpenEnded_', ''),
        name.replace('questions', 'annotations'),
      ]
    : [
        name.replace('annotations', 'questions').replace('mscoco', 'OpenEnded_mscoco'),
        name.replace('annotations', 'questions'),
      ];
  const found = names.filter((one) => one !== name).find((one) => existsSync(join(dirname(path), one)));
  if (found !== undefined) return join(dirname(path), found);
  throw new InputError('DATASET_INCOMPLETE', `${path} is half of VQAv2: ${names[0]} is not beside it.`, {
    hint: 'Questions and annotations are two files; put both into one folder.',
  });
}
