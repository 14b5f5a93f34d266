import { deviceNames, dtypes } from '../../base/dtype.js';
import { readKeepAlive } from '../../base/keep-alive.js';
import { isObjectTask, type TaskName } from '../../base/task-name.js';
import { answerTask } from '../../tasks/prompts/answer.js';
import { askTask } from '../../tasks/prompts/ask.js';
import { captionTask } from '../../tasks/prompts/caption.js';
import { describeTask } from '../../tasks/prompts/describe.js';
import { detectTask } from '../../tasks/prompts/detect.js';
import { ocrTask } from '../../tasks/prompts/ocr.js';
import { questionTask } from '../../tasks/prompts/question.js';
import { readRegion } from '../../tasks/prompts/read-region.js';
import { segmentTask } from '../../tasks/prompts/segment.js';
import type { Task } from '../../tasks/prompts/task.js';
import type { Question } from '../answer-question.js';
import { badRequest } from '../http-error.js';
import { readModelName } from './sampling-fields.js';
import { TaskFields } from './task-fields.js';

const COMMON = [
  'model',
  'dtype',
  'device',
  'keep-alive',
  'max-tokens',
  'temperature',
  'top-p',
  'seed',
  'logprobs',
];
const PLACES = ['loc-scale', 'min-score', 'tiles', 'constrain', 'any-label'];

/** The additional options of each task. */
const ofTask: Readonly<Record<TaskName, readonly string[]>> = {
  caption: ['lang', 'short', 'long', 'region', 'n'],
  describe: ['lang', 'n'],
  ocr: ['n'],
  answer: ['question', 'lang', 'n'],
  question: ['answer', 'lang', 'n'],
  detect: ['things', 'per-class', ...PLACES],
  segment: ['things', 'per-class', ...PLACES],
  ask: ['prompt', 'n', 'loc-scale'],
};

/** The question without its pictures. @throws {HttpError} {UsageError} an option is unknown or not allowed. */
export function readTaskOptions(
  name: TaskName,
  values: Readonly<Record<string, unknown>>,
): Omit<Question, 'inputs'> {
  const fields = new TaskFields(values, [...COMMON, ...ofTask[name]]);
  const keepAlive = fields.text('keep-alive');
  const answers = fields.number('n', 1, 64, true);
  const temperature = fields.number('temperature', 0, 100) ?? 0;
  if ((answers ?? 1) > 1 && temperature === 0) {
    throw badRequest(
      'Without temperature all answers would be the same.',
      'n',
      'Add temperature, such as 0.7.',
    );
  }
  const dtype = fields.choice('dtype', dtypes);
  return {
    task: makeTask(name, fields),
    model: {
      ...readModelName(fields.text('model')),
      ...(dtype && { dtype }),
      device: fields.choice('device', deviceNames),
    },
    keepAliveMs: keepAlive === undefined ? undefined : readKeepAlive(keepAlive, 'keep-alive'),
    maxTokens: fields.number('max-tokens', 1, 4096, true),
    sampling: {
      temperature,
      topP: Math.max(fields.number('top-p', 0, 1) ?? 1, Number.EPSILON),
      seed: fields.number('seed', 0, 2 ** 32 - 1, true) ?? 0,
    },
    answers,
    alternatives: fields.number('logprobs', 0, 20, true),
    locScale: fields.choice('loc-scale', ['1023', '1024']) === '1024' ? 1024 : 1023,
    minScore: fields.number('min-score', 0, 1),
    tiles: fields.number('tiles', 2, 8, true) ?? 1,
    isAnyLabel: isObjectTask(name) && fields.flag('any-label') === true,
    isConstrained: (isObjectTask(name) ? fields.flag('constrain') : undefined) ?? true,
  };
}

function makeTask(name: TaskName, fields: TaskFields): Task {
  const language = fields.text('lang');
  switch (name) {
    case 'caption':
      return makeCaption(fields, language);
    case 'describe':
      return describeTask(language);
    case 'ocr':
      return ocrTask();
    case 'answer':
      return answerTask(fields.needText('question'), language);
    case 'question':
      return questionTask(fields.needText('answer'), language);
    case 'detect':
      return detectTask(fields.needText('things'), fields.flag('per-class'));
    case 'segment':
      return segmentTask(fields.needText('things'), fields.flag('per-class'));
    case 'ask':
      return askTask(fields.needText('prompt'));
  }
}

function makeCaption(fields: TaskFields, language: string | undefined): Task {
  const region = fields.text('region');
  const [isShort = false, isLong = false] = [fields.flag('short'), fields.flag('long')];
  if (Number(isShort) + Number(isLong) + Number(region !== undefined) > 1) {
    throw badRequest('short, long and region do not go together.', 'region', 'Give one of them.');
  }
  if (isLong) return describeTask(language);
  return captionTask({ language, isShort, region: region === undefined ? undefined : readRegion(region) });
}
