import type { OptionDefinition } from './command-definition.js';
import { inputOptions } from './input-options.js';
import {
  modelOptions,
  queueOption,
  serverOptions,
  verbosityOptions,
  type ModelOptions,
  type QueueChoice,
  type Verbosity,
} from './model-options.js';
import { formatChoice, outputOptions, wordFormats, type OutputOptions } from './output-options.js';
import { videoOptions } from './video-options.js';

/** Inputs in progress at the same time, unless --jobs says otherwise. */
export const DEFAULT_JOBS = 8;
/** Above this, decoded pictures would fill the memory. */
export const MAX_JOBS = 64;
/** 8 x 8 tiles of a 12-megapixel photo are as fine as the largest checkpoint sees. */
export const MAX_TILES = 8;

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

/** The common options of one call, as readPictureOptions gives them. */
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
