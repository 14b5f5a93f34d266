import { parseRecords } from '../../answers/parse-records.js';
import type { Dataset } from '../dataset.js';
import type { Example, LabelledObject, Truth } from '../example.js';
import type { MetricName } from '../metric-name.js';
import type { TaskName } from '../../base/task-name.js';
import { createPictureFinder } from './find-picture.js';
import { findText, readAnswers, readObject, readText } from './read-fields.js';
import { FaultyLine, readLines } from './read-lines.js';

type Fields = Readonly<Record<string, unknown>>;

/** What locations are divided by. */
const LOC_SCALE = 1023;
/** With this many answers, people were asked, rather than one truth written down. */
const PEOPLE = 10;

/**
 * JSON lines of pictures with what is true of them: `image`; `prompt` or `question` or `expression`; `answers`,
 * `boxes`, `masks` or a single `mask`; or big_vision's `prefix` and `suffix`. docs/eval.md has the forms.
 */
export function readOwnLines(text: string, path: string, images?: string): Dataset {
  const find = createPictureFinder(path, images);
  const examples = readLines(text, path, (fields, line) => {
    const { task, text, isPrompt, truth } = readTruth(fields);
    return {
      id: findText(fields, 'id', 'question_id') ?? `line ${line}`,
      picture: find(readText(fields, 'image', 'picture', 'input')),
      place: `line ${line}`,
      task,
      text,
      isPrompt,
      truth,
      ...(typeof fields['group'] === 'string' && { group: fields['group'] }),
    };
  });
  const usable = examples.filter((one): one is Example => !('error' in one));
  const objects = usable.flatMap(({ truth }) => (truth.kind === 'objects' ? truth.objects : []));
  const asked = usable.flatMap(({ truth, isPrompt, text }) =>
    truth.kind === 'objects' && !isPrompt ? text.split(';').map((thing) => thing.trim()) : [],
  );
  return {
    kind: 'JSON lines',
    examples,
    labels: [...new Set([...objects.map(({ label }) => label), ...asked])],
    metrics: chooseMetrics(usable),
  };
}

interface ReadTruth {
  readonly task: TaskName;
  readonly text: string;
  readonly isPrompt: boolean;
  readonly truth: Truth;
}

function readTruth(fields: Fields): ReadTruth {
  if (typeof fields['suffix'] === 'string') return readSuffix(readText(fields, 'prefix'), fields['suffix']);
  const expression = findText(fields, 'expression', 'sentence');
  if (expression !== undefined) {
    const truth = { kind: 'referred', object: readObject(fields, expression) } as const;
    return { task: 'segment', text: expression, isPrompt: false, truth };
  }
  const prompt = findText(fields, 'prompt');
  const list = fields['masks'] ?? fields['boxes'] ?? fields['objects'];
  if (list !== undefined) {
    if (!Array.isArray(list)) throw new FaultyLine('its `boxes` or `masks` are not a list');
    const objects = list.map((one: unknown) => readObject(one));
    const task = fields['masks'] !== undefined ? 'segment' : 'detect';
    const things = findText(fields, 'things') ?? [...new Set(objects.map(({ label }) => label))].join(' ; ');
    const text = prompt ?? things;
    if (text === '') throw new FaultyLine('it says neither with `prompt` nor with `things` what to look for');
    return { task, text, isPrompt: prompt !== undefined, truth: { kind: 'objects', objects } };
  }
  const answers = readAnswers(fields, 'answers', 'answer', 'captions', 'caption', 'label');
  const truth: Truth = { kind: 'text', answers };
  if (prompt !== undefined) return { task: taskOfPrompt(prompt), text: prompt, isPrompt: true, truth };
  const question = findText(fields, 'question', 'text');
  if (question !== undefined) return { task: 'answer', text: question, isPrompt: false, truth };
  if (fields['captions'] === undefined && fields['caption'] === undefined) {
    throw new FaultyLine('it has neither `prompt` nor `question`');
  }
  return { task: 'caption', text: '', isPrompt: false, truth };
}

/** What big_vision trains on: the prompt, and the answer as the model writes it. */
function readSuffix(prefix: string, suffix: string): ReadTruth {
  const { records, rejected, text } = parseRecords(suffix);
  if (records.length + rejected.length === 0) {
    return {
      task: taskOfPrompt(prefix),
      text: prefix,
      isPrompt: true,
      truth: { kind: 'text', answers: [text] },
    };
  }
  const [fault] = rejected;
  if (fault !== undefined)
    throw new FaultyLine(`its suffix has a record that cannot be read: ${fault.reason}`);
  const objects = records.map(({ bins, label }): LabelledObject => {
    const [y0, x0, y1, x1] = bins.map((bin) => bin / LOC_SCALE);
    return { label, box: { x0, y0, x1, y1 }, isCrowd: false };
  });
  const truth = { kind: 'objects', objects, isRelative: true } as const;
  return { task: prefix.startsWith('segment') ? 'segment' : 'detect', text: prefix, isPrompt: true, truth };
}

function taskOfPrompt(prompt: string): TaskName {
  const [first] = prompt.split(/\s/, 1);
  if (first === 'caption' || first === 'cap') return 'caption';
  return first === 'describe' || first === 'ocr' || first === 'answer' || first === 'question'
    ? first
    : 'ask';
}

function chooseMetrics(examples: readonly Example[]): MetricName[] {
  const of = (kind: Truth['kind']): Example[] => examples.filter(({ truth }) => truth.kind === kind);
  if (of('referred').length > 0) return ['referring'];
  const objects = of('objects');
  if (objects.length > 0) {
    const hasMasks = objects.some(
      ({ truth }) => truth.kind === 'objects' && truth.objects.some(({ mask }) => mask),
    );
    return hasMasks ? ['boxes', 'masks'] : ['boxes'];
  }
  if (examples.some(({ task }) => task === 'caption' || task === 'describe')) return ['cider'];
  const most = examples.reduce(
    (most, { truth }) => Math.max(most, truth.kind === 'text' ? truth.answers.length : 0),
    0,
  );
  return most >= PEOPLE ? ['vqa'] : ['caseless', 'anls'];
}
