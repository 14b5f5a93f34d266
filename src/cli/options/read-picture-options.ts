import { UsageError } from '../../base/errors.js';
import type { TaskName } from '../../base/task-name.js';
import { formatOf, isFilesFormat } from '../../render/formats/result-formats.js';
import type { CommandCall } from './command-definition.js';
import {
  readModelOptions,
  readQueueOptions,
  readVerbosity,
  refuseDeviceOnQueue,
  type QueueChoice,
} from './model-options.js';
import type { OutputOptions } from './output-options.js';
import { DEFAULT_JOBS, MAX_JOBS, MAX_TILES, type PictureOptions } from './picture-options.js';
import { readChoice, readNumber } from './read-option.js';
import { readOutputOptions } from './read-output-options.js';

/** A picture whose worker died comes late: as many others as this are answered meanwhile. */
export const SPARE_RESULTS = 1024;
/** Longer answers than this fit no checkpoint's training. */
const MAX_MAX_TOKENS = 4096;
/** More answers at once than these are a matter for several runs. */
const MAX_ANSWERS = 64;

/**
 * The common options of a command on pictures, checked.
 * @throws {UsageError} a value is out of bounds, or options conflict.
 */
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
