import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fixturePath } from '../../fixtures/index.js';
import type { Example, FaultyExample } from '../../src/eval/example.js';
import { openDataset } from '../../src/eval/datasets/open-dataset.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const folder = temporaryFolder();

function write(name: string, content: unknown): string {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

const lines = (...values: readonly unknown[]): string =>
  values.map((value) => `${JSON.stringify(value)}\n`).join('');
const usable = (examples: readonly (Example | FaultyExample)[]): Example[] =>
  examples.filter((one): one is Example => !('error' in one));
const faults = (examples: readonly (Example | FaultyExample)[]): string[] =>
  examples.flatMap((one) => ('error' in one ? [one.error.message] : []));

describe('openDataset', () => {
  it('reads questions, captions, boxes, masks and expressions from JSON lines', async () => {
    const mask = { size: [2, 2], counts: [0, 1, 3] };
    const path = write(
      'own.jsonl',
      lines(
        { id: 7, image: 'a.png', question: 'how many?', answers: ['2', { answer: 'two' }], group: 'count' },
        { image: 'a.png', captions: ['a dog', 'one dog'] },
        { image: 'a.png', prompt: 'answer de wo?', answer: 'hier' },
        { image: 'a.png', things: 'cat ; dog', boxes: [{ label: 'dog', box: [1, 2, 3, 4], crowd: true }] },
        { image: 'a.png', masks: [{ label: 'dog', mask: [[0, 0, 2, 0, 2, 2]] }] },
        { image: 'a.png', expression: 'the dog on the left', mask },
      ),
    );
    const { examples, labels, kind } = await openDataset(path);
    expect(kind).toBe('JSON lines');
    expect(labels).toEqual(['dog', 'cat']);
    expect(usable(examples).map(({ id, task, text, truth }) => ({ id, task, text, truth }))).toEqual([
      { id: '7', task: 'answer', text: 'how many?', truth: { kind: 'text', answers: ['2', 'two'] } },
      { id: 'line 2', task: 'caption', text: '', truth: { kind: 'text', answers: ['a dog', 'one dog'] } },
      { id: 'line 3', task: 'answer', text: 'answer de wo?', truth: { kind: 'text', answers: ['hier'] } },
      {
        id: 'line 4',
        task: 'detect',
        text: 'cat ; dog',
        truth: {
          kind: 'objects',
          objects: [{ label: 'dog', box: { x0: 1, y0: 2, x1: 3, y1: 4 }, isCrowd: true }],
        },
      },
      {
        id: 'line 5',
        task: 'segment',
        text: 'dog',
        truth: {
          kind: 'objects',
          objects: [
            {
              label: 'dog',
              box: { x0: 0, y0: 0, x1: 2, y1: 2 },
              mask: { polygons: [[0, 0, 2, 0, 2, 2]] },
              isCrowd: false,
            },
          ],
        },
      },
      {
        id: 'line 6',
        task: 'segment',
        text: 'the dog on the left',
        truth: {
          kind: 'referred',
          object: {
            label: 'the dog on the left',
            box: { x0: 0, y0: 0, x1: 1, y1: 1 },
            mask: { width: 2, height: 2, counts: [0, 1, 3] },
            isCrowd: false,
          },
        },
      },
    ]);
  });

  it('makes one error of each bad line, with its number, and goes on', async () => {
    const path = write(
      'bad.jsonl',
      `{"image": "a.png", "question": "q?", "answers": ["x"]}\n{oops\n\n[1]\n${lines(
        { image: 'a.png' },
        { question: 'q?', answers: ['x'] },
        { image: 'a.png', question: 'q?', answers: [null] },
        { image: 'a.png', boxes: [{ label: 'dog', box: [1, 2, 3] }] },
        { image: 'a.png', boxes: [{ label: 'dog', box: [5, 2, 3, 4] }] },
        { image: 'a.png', boxes: [] },
        { image: 'a.png', expression: 'dog', mask: { size: [2, 2], counts: [1] } },
        { image: 'a.png', expression: 'dog', mask: { size: [2, 2], counts: 'zzz' } },
      )}`,
    );
    const { examples } = await openDataset(path);
    expect(usable(examples)).toHaveLength(1);
    const found = faults(examples);
    expect(found.map((one) => /^line \d+ of /.exec(one)?.[0])).toEqual(
      [2, 4, 5, 6, 7, 8, 9, 10, 11, 12].map((line) => `line ${line} of `),
    );
    expect(found[0]).toMatch(/it is not a JSON object\.$/);
    expect(found[3]).toContain('`image` or `picture` or `input`');
    expect(found[5]).toContain('a box in it is not four numbers');
    expect(found[9]).toContain('run lengths cannot be read');
  });

  it('keeps going where the first line is the damaged one', async () => {
    const path = write('first.jsonl', `{oops\n{"image": "a.png", "question": "q?", "answer": "x"}\n`);
    const { examples } = await openDataset(path);
    expect([usable(examples).length, faults(examples).length]).toEqual([1, 1]);
  });

  it('reads what big_vision trains on', async () => {
    const path = write(
      'bv.jsonl',
      lines(
        { image: 'a.png', prefix: 'detect dog', suffix: '<loc0000><loc0341><loc0682><loc1023> dog' },
        { image: 'a.png', prefix: 'detect dog', suffix: '<loc0900><loc0341><loc0682><loc1023> dog' },
        { image: 'a.png', prefix: 'caption en', suffix: 'a dog' },
      ),
    );
    const { examples } = await openDataset(path);
    const [boxes, caption] = usable(examples);
    expect(boxes.truth).toEqual({
      kind: 'objects',
      isRelative: true,
      objects: [{ label: 'dog', box: { x0: 341 / 1023, y0: 0, x1: 1, y1: 682 / 1023 }, isCrowd: false }],
    });
    expect(caption).toMatchObject({ task: 'caption', text: 'caption en', isPrompt: true });
    expect(faults(examples)).toEqual([expect.stringContaining('inverted box')]);
  });

  it('reads COCO instances with polygons and crowds, and captions', async () => {
    const instances = await openDataset(fixturePath('labelled', 'instances.json'));
    expect([instances.kind, instances.labels.length, instances.metrics]).toEqual([
      'COCO instances',
      5,
      ['boxes', 'masks'],
    ]);
    const objects = usable(instances.examples).flatMap(({ truth }) =>
      truth.kind === 'objects' ? truth.objects : [],
    );
    const crowds = objects.filter(({ isCrowd }) => isCrowd);
    expect([objects.length, crowds.length, new Set(crowds.map(({ label }) => label)).size]).toEqual([
      31, 3, 3,
    ]);
    const captions = await openDataset(fixturePath('labelled', 'captions.json'));
    expect(usable(captions.examples)[0].truth).toMatchObject({ answers: { length: 5 } });
  });

  it('says which category has no name, and goes on', async () => {
    const path = write('coco.json', {
      images: [
        { id: 2, file_name: 'b.png' },
        { id: 1, file_name: 'a.png' },
      ],
      annotations: [{ image_id: 1, category_id: 9, bbox: [0, 0, 1, 1] }],
      categories: [{ id: 1, name: 'dog' }],
    });
    const { examples } = await openDataset(path);
    expect(faults(examples)).toEqual([expect.stringMatching(/^image 1 of .*category 9 has no name\.$/)]);
    expect(usable(examples).map(({ id, task }) => [id, task])).toEqual([['2', 'detect']]);
  });

  it('reads VQAv2 from either of its files, and says when the other is missing', async () => {
    const questions = {
      data_subtype: 'val2014',
      questions: [{ image_id: 42, question: 'why?', question_id: 421 }],
    };
    const annotations = {
      annotations: [{ question_id: 421, image_id: 42, answer_type: 'other', answers: [{ answer: 'so' }] }],
    };
    const one = write('vqa/v2_OpenEnded_mscoco_val2014_questions.json', questions);
    const other = write('vqa/v2_mscoco_val2014_annotations.json', annotations);
    for (const path of [one, other]) {
      const [example] = usable((await openDataset(path, '/pictures')).examples);
      expect(example).toMatchObject({
        id: '421',
        picture: '/pictures/COCO_val2014_000000000042.jpg',
        group: 'other',
      });
    }
    const alone = write('half/v2_mscoco_val2014_annotations.json', annotations);
    await expect(openDataset(alone)).rejects.toThrow(/half of VQAv2/);
  });

  it('reads POPE with its splits, TextVQA, DocVQA and MMVP', async () => {
    const row = {
      question_id: 1,
      image: 'COCO_val2014_000000000042.jpg',
      text: 'Is there a dog?',
      label: 'yes',
    };
    write('pope/coco_pope_random.json', lines(row));
    write('pope/coco_pope_popular.json', lines(row));
    const pope = await openDataset(join(folder, 'pope'));
    expect(usable(pope.examples).map(({ id, group }) => [id, group])).toEqual([
      ['popular 1', 'popular'],
      ['random 1', 'random'],
    ]);
    const text = write('textvqa.json', {
      data: [{ question: 'q?', image_id: 'ab', question_id: 3, answers: ['x'] }],
    });
    expect((await openDataset(text)).metrics).toEqual(['vqa']);
    const doc = write('doc.json', {
      data: [{ question: 'q?', image: 'documents/ab.png', questionId: 3, answers: ['x'] }],
    });
    expect((await openDataset(doc)).metrics).toEqual(['anls']);
    write(
      'MMVP/Questions.csv',
      'Index,Question,Options,Correct Answer\r\n1,"Is it ""open"", or not?",(a) Open (b) Closed,(a)\r\n2,Is it?,(a) Open (b) Closed,(b)\r\nx,Is it?,(a) Open (b) Closed,(b)\r\n',
    );
    const mmvp = await openDataset(join(folder, 'MMVP'));
    expect(usable(mmvp.examples)[0]).toMatchObject({
      text: 'Is it "open", or not? (a) Open (b) Closed',
      pair: 0,
      truth: { answers: ['(a)'], choices: ['Open', 'Closed'] },
    });
    expect(usable(mmvp.examples)[0].picture).toBe(join(folder, 'MMVP', 'MMVP Images', '1.jpg'));
    expect(faults(mmvp.examples)).toEqual([expect.stringMatching(/^line 4 of .*Index/)]);
  });

  it('reads a YOLO folder with boxes and polygons, and a folder of captions', async () => {
    write('yolo/data.yaml', 'names: {0: dog, 1: cat}\nval: images/val\n');
    for (const name of ['a.jpg', 'b.jpg', 'c.jpg']) write(`yolo/images/val/${name}`, '');
    write('yolo/labels/val/a.txt', '0 0.5 0.5 0.2 0.4\n1 0 0 1 0 1 1\n');
    write('yolo/labels/val/b.txt', '5 0.5 0.5 0.2 0.4\n');
    const yolo = await openDataset(join(folder, 'yolo'));
    const [a, c] = usable(yolo.examples);
    expect(yolo.metrics).toEqual(['boxes', 'masks']);
    expect(a.truth).toMatchObject({
      isRelative: true,
      objects: [{ label: 'dog', box: { x0: 0.4, y1: 0.7 } }, { label: 'cat' }],
    });
    expect(c.truth).toMatchObject({ objects: [] });
    expect(faults(yolo.examples)).toEqual([expect.stringContaining('names class 5, and there are 2')]);
    write('captions/a.png', '');
    write('captions/a.txt', 'a dog\none dog\n');
    write('captions/b.png', '');
    const captions = await openDataset(join(folder, 'captions'));
    expect(usable(captions.examples)).toMatchObject([
      { task: 'caption', truth: { answers: ['a dog', 'one dog'] } },
    ]);
    expect(faults(captions.examples)).toHaveLength(1);
  });

  it('refuses what it does not know, with what it does', async () => {
    const cases = [
      write('x.json', { a: 1 }),
      write('x.csv', 'a,b\n1,2\n'),
      write('empty.jsonl', ''),
      join(folder, 'none.json'),
    ];
    const found = await Promise.all(
      cases.map((path) => openDataset(path).catch((error: { code: string }) => error.code)),
    );
    expect(found).toEqual(['DATASET_UNUSABLE', 'DATASET_UNKNOWN', 'DATASET_EMPTY', 'DATASET_UNREADABLE']);
  });
});
