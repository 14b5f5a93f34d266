import { basename } from 'node:path';
import type { Dataset } from '../dataset.js';
import { createPictureFinder } from './find-picture.js';
import { readText } from './read-fields.js';
import { readLines } from './read-lines.js';

/** The files of one or more splits of POPE (`coco_pope_random.json`): a question a line, answered with yes or no. */
export function readPopeLines(
  files: readonly { readonly path: string; readonly text: string }[],
  images?: string,
): Dataset {
  const examples = files.flatMap(({ path, text }) => {
    const find = createPictureFinder(path, images);
    const group = /random|popular|adversarial/.exec(basename(path))?.[0];
    return readLines(text, path, (fields, line) => ({
      id: [group, readText(fields, 'question_id')].filter(Boolean).join(' '),
      picture: find(readText(fields, 'image')),
      place: `line ${line}`,
      task: 'answer',
      text: readText(fields, 'text'),
      truth: { kind: 'text', answers: [readText(fields, 'label')] },
      ...(group !== undefined && { group }),
    }));
  });
  return { kind: 'POPE', examples, labels: [], metrics: ['pope'] };
}
