import { UsageError } from '../base/errors.js';
import type { CommandCall, OptionDefinition } from './command-definition.js';
import {
  modelOptions,
  readModelOptions,
  readVerbosity,
  verbosityOptions,
  type ModelOptions,
  type Verbosity,
} from './model-options.js';
import { readChoice, readNumber, readText } from './read-option.js';

/** Ways to print results. */
export const resultFormats = ['text', 'json', 'jsonl', 'raw'] as const;
export type ResultFormat = (typeof resultFormats)[number];

/** Inputs under way at the same time unless --jobs says otherwise. */
const DEFAULT_JOBS = 8;
/** Above this, decoded pictures would fill the memory. */
const MAX_JOBS = 64;
/** Longer answers than this fit no checkpoint's training. */
const MAX_MAX_TOKENS = 4096;
/** The engine reports so many alternatives at most. */
const MAX_ALTERNATIVES = 20;

/** Options that every command on pictures has. */
export const pictureOptions: readonly OptionDefinition[] = [
  { flags: '--format <format>', description: `${resultFormats.join(', ')} (default: text)` },
  { flags: '--no-filename', description: 'never begin a line with the name of the picture' },
  { flags: '--logprobs <count>', description: 'json: tokens with so many alternatives each, 0 to 20' },
  {
    flags: '--overlay <path>',
    description: 'draw the answer on the picture: a file, or a folder for several',
  },
  { flags: '--masks <folder>', description: 'write one PNG for each mask into this folder' },
  ...modelOptions,
  { flags: '--max-tokens <count>', description: 'stop an answer after so many tokens' },
  { flags: '--temperature <value>', description: 'above 0: random answers (default: 0)' },
  { flags: '--top-p <share>', description: 'random answers: from the likeliest tokens only (default: 1)' },
  { flags: '--seed <number>', description: 'random answers: the same seed, the same answer (default: 0)' },
  { flags: '--loc-scale <scale>', description: '1023 as in training, or 1024 as some tools (default: 1023)' },
  { flags: '--jobs <count>', description: `pictures under way at the same time (default: ${DEFAULT_JOBS})` },
  ...verbosityOptions,
];

/** For detect and segment. */
export const constrainOption: OptionDefinition = {
  flags: '--no-constrain',
  description: 'let the model write anything, not only boxes and masks',
};

/** For tasks whose prompt names a language. */
export const languageOption: OptionDefinition = {
  flags: '--lang <code>',
  description: 'language of the answer, such as en, es or zh (default: en)',
};

/** The common options of one call, checked. */
export interface PictureOptions extends ModelOptions, Verbosity {
  readonly format: ResultFormat;
  readonly withFilename: boolean;
  readonly alternatives: number | undefined;
  readonly overlay: string | undefined;
  readonly masks: string | undefined;
  readonly maxTokens: number | undefined;
  readonly isConstrained: boolean;
  readonly temperature: number;
  readonly topP: number;
  readonly seed: number;
  readonly locScale: 1023 | 1024;
  readonly jobs: number;
}

/** @throws {UsageError} a value is out of bounds, or options do not go together. */
export function readPictureOptions(call: CommandCall): PictureOptions {
  const { options } = call;
  const format = readChoice(options, 'format', resultFormats) ?? 'text';
  const alternatives = readNumber(options, 'logprobs', { min: 0, max: MAX_ALTERNATIVES, isWhole: true });
  if (alternatives !== undefined && format !== 'json' && format !== 'jsonl') {
    throw new UsageError('OPTION_VALUE', `--logprobs does not show in the ${format} format.`, {
      hint: 'Add: --format json',
    });
  }
  return {
    ...readModelOptions(call),
    ...readVerbosity(call),
    format,
    withFilename: options['filename'] !== false,
    alternatives,
    overlay: readText(options, 'overlay'),
    masks: readText(options, 'masks'),
    maxTokens: readNumber(options, 'maxTokens', { min: 1, max: MAX_MAX_TOKENS, isWhole: true }),
    isConstrained: options['constrain'] !== false,
    temperature: readNumber(options, 'temperature', { min: 0, max: 100 }) ?? 0,
    topP: readTopP(options),
    seed: readNumber(options, 'seed', { min: 0, max: 2 ** 32 - 1, isWhole: true }) ?? 0,
    locScale: readChoice(options, 'locScale', ['1023', '1024']) === '1024' ? 1024 : 1023,
    jobs: readNumber(options, 'jobs', { min: 1, max: MAX_JOBS, isWhole: true }) ?? DEFAULT_JOBS,
  };
}

function readTopP(options: CommandCall['options']): number {
  const topP = readNumber(options, 'topP', { min: 0, max: 1 }) ?? 1;
  if (topP > 0) return topP;
  throw new UsageError('OPTION_VALUE', '--top-p cannot be 0: no token would be left.', {
    hint: 'It is above 0, and 1 at most.',
  });
}
