import { dirname, join } from 'node:path';
import { readChoices } from '../../metrics/answers/choice-letter.js';
import type { Dataset } from '../dataset.js';
import { createPictureFinder } from './find-picture.js';
import { parseCsv } from './parse-csv.js';
import { FaultyLine, readOne } from './read-lines.js';

/** The columns of MMVP's Questions.csv. */
const COLUMNS = ['Index', 'Question', 'Options', 'Correct Answer'];

/** Whether a text begins as MMVP's Questions.csv. */
export function isMmvpCsv(text: string): boolean {
  const [head] = text.split(/\r?\n/, 1);
  return COLUMNS.every((column) => head.includes(column));
}

/**
 * MMVP: 300 questions, two and two of a pair about pictures that look alike; `Index` from 1 names the picture in the
 * folder `MMVP Images`. The prompt has the question and its options.
 */
export function readMmvpCsv(text: string, path: string, images?: string): Dataset {
  const [head, ...rows] = parseCsv(text);
  const places = COLUMNS.map((column) => head.fields.findIndex((field) => field.trim() === column));
  const find = createPictureFinder(path, images ?? join(dirname(path), 'MMVP Images'));
  const examples = rows.map(({ line, fields }) =>
    readOne(`line ${line}`, path, () => {
      const [index, question, options, answer] = places.map((place) => fields[place]?.trim() ?? '');
      if (!/^[1-9]\d*$/.test(index)) throw new FaultyLine('its Index is not a whole number');
      const choices = readChoices(options);
      if (choices.length !== 2 || answer === '') throw new FaultyLine('it has no two options and an answer');
      return {
        id: index,
        picture: find(`${index}.jpg`),
        place: `line ${line}`,
        task: 'answer',
        text: `${question} ${options}`,
        truth: { kind: 'text', answers: [answer], choices },
        pair: (Number(index) - 1) >> 1,
      };
    }),
  );
  return { kind: 'MMVP', examples, labels: [], metrics: ['mmvp'] };
}
