import { readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import type { Dataset } from '../dataset.js';
import type { Example, FaultyExample } from '../example.js';
import { FaultyLine, readOne } from './read-lines.js';

/** A folder of pictures, each with a text file of its name: a caption a line, all of them true. */
export async function readCaptionFolder(folder: string, pictures: readonly string[]): Promise<Dataset> {
  const examples: (Example | FaultyExample)[] = [];
  for (const name of pictures) {
    const file = join(folder, `${name.slice(0, name.length - extname(name).length)}.txt`);
    const text = await readFile(file, 'utf8').catch(() => '');
    const example = readOne(name, file, () => {
      const answers = text
        .split('\n')
        .map((line) => line.trim())
        .filter((line) => line !== '');
      if (answers.length === 0) throw new FaultyLine('there is no caption');
      return {
        id: name,
        picture: join(folder, name),
        place: name,
        task: 'caption',
        text: '',
        truth: { kind: 'text', answers },
      };
    });
    examples.push(example);
  }
  return { kind: 'captions in text files', examples, labels: [], metrics: ['cider'] };
}
