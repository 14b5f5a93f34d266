import type { Dataset } from '../dataset.js';
import type { Example, FaultyExample } from '../example.js';
import { createPictureFinder } from './find-picture.js';
import { findText, readAnswers, readText } from './read-fields.js';
import { readOne } from './read-lines.js';

type Fields = Readonly<Record<string, unknown>>;

/** Whether a value is a document of TextVQA or DocVQA: `data`, a list of questions. */
export function isQuestionDocument(value: unknown): value is Fields {
  const data = (value as Fields | null)?.['data'];
  const first = Array.isArray(data) ? (data[0] as unknown) : undefined;
  return typeof first === 'object' && first !== null && 'question' in first;
}

/** TextVQA (`image_id`, ten answers) or DocVQA and InfographicVQA (`image`, their answers measured by ANLS). */
export function readQuestionDocument(document: Fields, path: string, images?: string): Dataset {
  const find = createPictureFinder(path, images);
  const rows = document['data'] as readonly Fields[];
  const isText = 'image_id' in rows[0] && !('image' in rows[0]);
  const examples = rows.map((row, i): Example | FaultyExample =>
    readOne(`question ${i + 1}`, path, () => ({
      id: findText(row, 'question_id', 'questionId') ?? String(i + 1),
      picture: find(isText ? `${readText(row, 'image_id')}.jpg` : readText(row, 'image', 'image_local_name')),
      place: `question ${i + 1}`,
      task: 'answer',
      text: readText(row, 'question'),
      truth: { kind: 'text', answers: readAnswers(row, 'answers') },
    })),
  );
  return { kind: isText ? 'TextVQA' : 'DocVQA', examples, labels: [], metrics: [isText ? 'vqa' : 'anls'] };
}
