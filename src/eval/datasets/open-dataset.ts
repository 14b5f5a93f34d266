import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { InputError } from '../../base/errors.js';
import { isFolder } from '../../base/files/is-folder.js';
import type { Dataset } from '../dataset.js';
import { readCaptionFolder } from './caption-folder.js';
import { isCocoDocument, readCocoDocument } from './coco-document.js';
import { isMmvpCsv, readMmvpCsv } from './mmvp-csv.js';
import { readOwnLines } from './own-lines.js';
import { isPictureName } from './picture-name.js';
import { readPopeLines } from './pope-lines.js';
import { isQuestionDocument, readQuestionDocument } from './question-document.js';
import { parseJson, readDocument } from './read-document.js';
import { isVqaDocument, readVqaDocuments } from './vqa-documents.js';
import { readYoloFolder } from './yolo-folder.js';

const KNOWN =
  'JSON lines, COCO captions or instances, VQAv2, TextVQA, DocVQA, POPE, MMVP, a YOLO folder, a folder of pictures with .txt captions';

/**
 * Read a data set, known by its content.
 *
 * @param path a file or a folder.
 * @param images folder of the pictures, where they are not beside the labels.
 * @throws {InputError} it cannot be read, is none of those known, or has no example that can be used.
 */
export async function openDataset(path: string, images?: string): Promise<Dataset> {
  const dataset = (await isFolder(path)) ? await openFolder(path, images) : await openFile(path, images);
  const [first] = dataset.examples;
  if (first === undefined) throw new InputError('DATASET_EMPTY', `There is nothing in ${path}.`);
  if (!('error' in first) || dataset.examples.some((one) => !('error' in one))) return dataset;
  throw new InputError('DATASET_UNUSABLE', `No example of ${path} can be used. ${first.error.message}`, {
    hint: `Known are ${KNOWN}.`,
  });
}

async function openFolder(path: string, images?: string): Promise<Dataset> {
  const names = (await readdir(path)).sort();
  const yaml = names.find((name) => /^data\.ya?ml$/.test(name));
  if (yaml !== undefined) return readYoloFolder(join(path, yaml), images);
  if (names.includes('Questions.csv')) return openFile(join(path, 'Questions.csv'), images);
  const pope = names.filter((name) => /^coco_pope_\w+\.json$/.test(name));
  if (pope.length > 0) {
    const files = pope.map(async (name) => ({
      path: join(path, name),
      text: await readDocument(join(path, name)),
    }));
    return readPopeLines(await Promise.all(files), images);
  }
  const pictures = names.filter(isPictureName);
  const hasCaptions = pictures.some((name) =>
    existsSync(join(path, `${name.slice(0, name.length - extname(name).length)}.txt`)),
  );
  if (hasCaptions) return readCaptionFolder(path, pictures);
  const labels = names.filter((name) => /\.(?:jsonl?|ndjson|csv)$/i.test(name));
  if (labels.length === 1) return openFile(join(path, labels[0]), images);
  throw unknown(
    path,
    labels.length > 1 ? `Name one of its files: ${labels.slice(0, 5).join(', ')}` : undefined,
  );
}

async function openFile(path: string, images?: string): Promise<Dataset> {
  const text = await readDocument(path);
  if (/\.ya?ml$/i.test(path)) return readYoloFolder(path, images);
  if (isMmvpCsv(text)) return readMmvpCsv(text, path, images);
  const [line] = text.trimStart().split('\n', 1);
  const first = parseJson(line);
  const isDocument = [isCocoDocument, isVqaDocument, isQuestionDocument].some((is) => is(first));
  if (typeof first === 'object' && first !== null && !Array.isArray(first) && !isDocument) {
    const isPope = 'text' in first && 'label' in first && 'image' in first;
    return isPope ? readPopeLines([{ path, text }], images) : readOwnLines(text, path, images);
  }
  const document = isDocument ? first : parseJson(text);
  if (isCocoDocument(document) && !isVqaDocument(document)) return readCocoDocument(document, path, images);
  if (isVqaDocument(document)) return readVqaDocuments(document, path, images);
  if (isQuestionDocument(document)) return readQuestionDocument(document, path, images);
  // A first line that is damaged is one error, not the end of all.
  if (/\.(?:jsonl|ndjson)$/i.test(path)) return readOwnLines(text, path, images);
  throw unknown(path);
}

function unknown(path: string, hint?: string): InputError {
  return new InputError('DATASET_UNKNOWN', `${path} is not a data set that pali knows.`, {
    hint: hint ?? `Known are ${KNOWN}.`,
  });
}
