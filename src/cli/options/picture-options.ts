import { UsageError } from '../../base/errors.js';
import type { TaskName } from '../../base/task-name.js';
import type { CommandCall, OptionDefinition } from './command-definition.js';
import { inputOptions } from './input-options.js';
import {
  modelOptions,
  readModelOptions,
  readQueueOptions,
  queueOption,
  readVerbosity,
  refuseDeviceOnQueue,
  serverOptions,
  verbosityOptions,
  type ModelOptions,
  type QueueChoice,
  type Verbosity,
} from './model-options.js';
import { formatChoice, outputOptions, wordFormats, type OutputOptions } from './output-options.js';
import { readOutputOptions } from './read-output-options.js';
import { readChoice, readNumber } from './read-option.js';
import { videoOptions } from './video-options.js';
import { formatOf, isFilesFormat } from '../../render/formats/result-formats.js';

/** Inputs in progress at the same time, unless --jobs says otherwise. */
const DEFAULT_JOBS = 8;
/** Above this, decoded pictures would fill the memory. */
const MAX_JOBS = 64;
/** A picture whose worker died comes late: as many others as this are answered meanwhile. */
export const SPARE_RESULTS = 1024;
/** Longer answers than this fit no checkpoint's training. */
const MAX_MAX_TOKENS = 4096;
/** More answers at once than these are a matter for several runs. */
const MAX_ANSWERS = 64;
/** 8 x 8 tiles of a 12-megapixel photo are as fine as the largest checkpoint sees. */
const MAX_TILES = 8;

/** How answers are made. */
const generationOptions: readonly OptionDefinition[] = [
  { flags: '--max-tokens <count>', description: 'stop an answer after this many tokens' },
  { flags: '--temperature <value>', description: 'above 0, answers are random (default: 0)' },
  {
    flags: '--top-p <share>',
    description:
      'random answers: choose only among the likeliest tokens that make up this share (default: 1)',
  },
  { flags: '--seed <number>', description: 'random answers: the same seed, the same answer (default: 0)' },
  {
    flags: '--loc-scale <scale>',
    description: '1023 as in training, or 1024 as in some tools (default: 1023)',
    values: ['1023', '1024'],
  },
  {
    flags: '--jobs <count>',
    description: `pictures in progress at the same time (default: ${DEFAULT_JOBS}, with --queue ${MAX_JOBS})`,
  },
];

/** Options that every command on pictures has. */
export const pictureOptions: readonly OptionDefinition[] = [
  ...inGroup('Which pictures', inputOptions),
  ...inGroup('Output', outputOptions),
  ...inGroup('Model', [...modelOptions, ...serverOptions, queueOption, ...generationOptions]),
  ...inGroup('Videos', videoOptions),
  ...inGroup('Messages', verbosityOptions),
];

/** What only objects have: these are refused with a sentence, and not in the help, where answers are words. */
const OBJECT_OPTIONS = ['--polygons', '--split', '--labels', '--redact', '--masks', '--cutout', '--track'];

/** The same for tasks whose answers are words. */
export const wordOptions: readonly OptionDefinition[] = pictureOptions.map((option) => {
  const [name] = option.flags.split(' ');
  if (name === '--stream')
    return { ...option, description: 'print a line of JSON for each token as it arrives' };
  if (name === '--format') return { ...option, ...formatChoice(wordFormats) };
  return OBJECT_OPTIONS.includes(name) ? { ...option, isHidden: true } : option;
});

function inGroup(group: string, options: readonly OptionDefinition[]): OptionDefinition[] {
  return options.map((option) => ({ ...option, group }));
}

/** For detect and segment. */
export const objectOptions: readonly OptionDefinition[] = [
  { flags: '--per-class', description: 'ask for each thing in a prompt of its own' },
  { flags: '--min-score <score>', description: 'leave out objects that score below this, 0 to 1' },
  {
    flags: '--tiles <count>',
    description: `for small things: also look at overlapping tiles, 2 to ${MAX_TILES} along the longer side`,
  },
  { flags: '--any-label', description: 'let the model choose the names of objects' },
  { flags: '--no-constrain', description: 'let the model write anything, not only boxes and masks' },
];

/** For tasks whose answers are text. */
export const answersOption: OptionDefinition = {
  flags: '-n, --n <count>',
  description: 'this many answers for each picture; needs --temperature above 0',
};

/** For tasks whose prompt names a language. */
export const languageOption: OptionDefinition = {
  flags: '--lang <code>',
  description: 'language of the answer, such as en, es or zh (default: en)',
  values: 'languages',
};

/** The common options of one call, checked. */
export interface PictureOptions extends ModelOptions, QueueChoice, Verbosity, OutputOptions {
  readonly maxTokens: number | undefined;
  readonly isConstrained: boolean;
  readonly isAnyLabel: boolean;
  readonly temperature: number;
  readonly topP: number;
  readonly seed: number;
  readonly locScale: 1023 | 1024;
  /** Objects below this score are left out. */
  readonly minScore: number;
  readonly jobs: number;
  /** Results that may wait for one before them; see mapInOrder. */
  readonly spare: number;
  /** Answers for each input. */
  readonly answers: number;
  /** Tiles along the longer side; 1 for none. */
  readonly tiles: number;
}

/** @throws {UsageError} a value is out of bounds, or options conflict. */
export function readPictureOptions(call: CommandCall, task: TaskName): PictureOptions {
  const { options } = call;
  const [model, servers] = [readModelOptions(call), readQueueOptions(call)];
  refuseDeviceOnQueue(servers, model);
  const output = readOutputOptions(call, task);
  const isHeavy = holdsPictures(output, task);
  const read: PictureOptions = {
    ...model,
    ...servers,
    ...readVerbosity(call),
    ...output,
    maxTokens: readNumber(options, 'maxTokens', { min: 1, max: MAX_MAX_TOKENS, isWhole: true }),
    isConstrained: options['constrain'] !== false,
    isAnyLabel: options['anyLabel'] === true,
    temperature: readNumber(options, 'temperature', { min: 0, max: 100 }) ?? 0,
    topP: readTopP(options),
    seed: readNumber(options, 'seed', { min: 0, max: 2 ** 32 - 1, isWhole: true }) ?? 0,
    locScale: readChoice(options, 'locScale', ['1023', '1024']) === '1024' ? 1024 : 1023,
    minScore: readNumber(options, 'minScore', { min: 0, max: 1 }) ?? 0,
    jobs: readJobs(call, servers, isHeavy),
    spare: servers.queue === undefined || isHeavy ? 0 : SPARE_RESULTS,
    answers: readNumber(options, 'n', { min: 1, max: MAX_ANSWERS, isWhole: true }) ?? 1,
    tiles: readNumber(options, 'tiles', { min: 2, max: MAX_TILES, isWhole: true }) ?? 1,
  };
  checkAnswers(read);
  return read;
}

/**
 * Inputs in progress at the same time: those that wait in a queue cost little, unless their pictures or masks are kept
 * in memory meanwhile.
 */
export function readJobs({ options }: CommandCall, { queue }: QueueChoice, isHeavy = false): number {
  const jobs = readNumber(options, 'jobs', { min: 1, max: MAX_JOBS, isWhole: true });
  return jobs ?? (queue === undefined || isHeavy ? DEFAULT_JOBS : MAX_JOBS);
}

/** Whether results hold whole pictures or masks until they are written. */
function holdsPictures(output: OutputOptions, task: TaskName): boolean {
  const { overlay, cutout, masks, framesTo, split, show, format } = output;
  const isDrawn = [overlay, cutout, masks, framesTo, split].some((option) => option !== undefined);
  return isDrawn || show !== 'off' || task === 'segment' || formatOf(format).hasPictures === true;
}

/** Several answers for one picture can be told apart only in results. */
function checkAnswers({ answers, temperature, ...read }: PictureOptions): void {
  if (answers === 1) return;
  if (temperature === 0) {
    throw new UsageError('OPTION_VALUE', 'Without --temperature all answers would be the same.', {
      hint: 'Add: --temperature 0.7',
    });
  }
  const drawing = [read.overlay, read.masks, read.cutout].some((path) => path !== undefined);
  if (drawing || read.show !== 'off' || isForOneAnswer(read.format)) {
    throw new UsageError(
      'OPTION_VALUE',
      'Several answers about one picture can only be written as text or JSON.',
      {
        hint: 'Leave out -n, or --overlay, --masks, --cutout and --show.',
      },
    );
  }
}

/** Data sets have one answer for each picture. */
function isForOneAnswer(format: PictureOptions['format']): boolean {
  const row = formatOf(format);
  return row.holds === 'objects' || row.isDataSet === true || isFilesFormat(row);
}

function readTopP(options: CommandCall['options']): number {
  const topP = readNumber(options, 'topP', { min: 0, max: 1 }) ?? 1;
  if (topP > 0) return topP;
  throw new UsageError('OPTION_VALUE', '--top-p cannot be 0: no token would be left.', {
    hint: 'It is above 0, and 1 at most.',
  });
}
