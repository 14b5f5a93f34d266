import { UsageError } from '../../../base/errors.js';
import { findNearestName } from '../../../base/nearest-name.js';
import type { RunOptions } from '../../../tasks/inputs/run-options.js';
import { answerLanguages } from '../../../tasks/prompts/parse-task-line.js';
import { readShowWord, showWords, type ShowWord } from '../../../render/terminal-picture/show-words.js';
import { changeField, parseNumber, readSwitch, type SettingDefinition } from './read-setting.js';
import { defaultVideoSettings, videoSettingDefinitions, type VideoSettings } from './video-settings.js';

/** What `/set` changes. */
export interface Settings extends VideoSettings {
  readonly language: string;
  /** The task's own limit when undefined. */
  readonly maxTokens: number | undefined;
  readonly temperature: number;
  readonly topP: number;
  readonly seed: number;
  readonly isConstrained: boolean;
  /** Objects that score below this are left out. */
  readonly minScore: number;
  /** Ask about overlapping tiles too, this many along the longer side; 1 for none. */
  readonly tiles: number;
  /** Ask for each thing in a prompt of its own. */
  readonly isPerClass: boolean;
  /** Open addresses of private networks too: cameras at home. */
  readonly allowsPrivateUrls: boolean;
  readonly locScale: 1023 | 1024;
  readonly preview: ShowWord;
  /** Keep lines on disk. */
  readonly keepsHistory: boolean;
}

export const defaultSettings: Settings = {
  ...defaultVideoSettings,
  language: 'en',
  maxTokens: undefined,
  temperature: 0,
  topP: 1,
  seed: 0,
  isConstrained: true,
  minScore: 0,
  tiles: 1,
  isPerClass: false,
  allowsPrivateUrls: false,
  locScale: 1023,
  preview: 'auto',
  keepsHistory: true,
};

/** What the settings say about how every prompt is run. */
export function runOptionsOf(
  settings: Settings,
): Pick<RunOptions, 'sampling' | 'maxTokens' | 'isConstrained' | 'locScale' | 'minScore' | 'tiles'> {
  const { temperature, topP, seed, maxTokens, isConstrained, locScale, minScore, tiles } = settings;
  return { sampling: { temperature, topP, seed }, maxTokens, isConstrained, locScale, minScore, tiles };
}

/** No checkpoint was trained on answers longer than this. */
const MAX_MAX_TOKENS = 4096;
/** As on the command line. */
const MAX_TILES = 8;

/** All settings, in the order of `/set`. */
export const settingDefinitions: readonly SettingDefinition<Settings>[] = [
  {
    key: 'lang',
    description: 'language of answers',
    choices: answerLanguages.map(({ code }) => code),
    range: 'a code such as en, es or zh',
    read: (value) => (answerLanguages.some(({ code }) => code === value) ? { language: value } : undefined),
    show: ({ language }) => language,
  },
  {
    key: 'max-tokens',
    description: 'stop an answer after this many tokens',
    choices: ['auto', '128', '256', '512'],
    range: `auto, or a whole number from 1 to ${MAX_MAX_TOKENS}`,
    read: (value: string): Partial<Settings> | undefined => {
      if (value === 'auto') return { maxTokens: undefined };
      const maxTokens = parseNumber(value, 1, MAX_MAX_TOKENS, true);
      return maxTokens === undefined ? undefined : { maxTokens };
    },
    show: ({ maxTokens }) => String(maxTokens ?? 'auto'),
  },
  {
    key: 'temperature',
    description: 'above 0, answers are random',
    choices: ['0', '0.7', '1'],
    range: 'a number from 0 to 100',
    read: (value) => changeField('temperature', parseNumber(value, 0, 100)),
    show: ({ temperature }) => String(temperature),
  },
  {
    key: 'top-p',
    description: 'random answers: choose only among the likeliest tokens',
    choices: ['1', '0.9'],
    range: 'a number above 0, 1 at most',
    read: (value) => changeField('topP', parseNumber(value, Number.MIN_VALUE, 1)),
    show: ({ topP }) => String(topP),
  },
  {
    key: 'seed',
    description: 'random answers: the same seed, the same answer',
    choices: ['0'],
    range: `a whole number from 0 to ${2 ** 32 - 1}`,
    read: (value) => changeField('seed', parseNumber(value, 0, 2 ** 32 - 1, true)),
    show: ({ seed }) => String(seed),
  },
  {
    key: 'constrain',
    description: 'detect and segment give only boxes and masks',
    choices: ['on', 'off'],
    range: 'on or off',
    read: (value) => changeField('isConstrained', readSwitch(value)),
    show: ({ isConstrained }) => (isConstrained ? 'on' : 'off'),
  },
  {
    key: 'min-score',
    description: 'leave out objects that score below this',
    choices: ['0', '0.5', '0.8'],
    range: 'a number from 0 to 1',
    read: (value) => changeField('minScore', parseNumber(value, 0, 1)),
    show: ({ minScore }) => String(minScore),
  },
  {
    key: 'tiles',
    description: 'for small things: also look at overlapping tiles, this many along the longer side',
    choices: ['off', '2', '3'],
    range: `off, or a whole number from 2 to ${MAX_TILES}`,
    read: (value) =>
      changeField('tiles', value === 'off' || value === '1' ? 1 : parseNumber(value, 2, MAX_TILES, true)),
    show: ({ tiles }) => (tiles === 1 ? 'off' : String(tiles)),
  },
  {
    key: 'per-class',
    description: 'detect and segment ask for each thing in a prompt of its own',
    choices: ['on', 'off'],
    range: 'on or off',
    read: (value) => changeField('isPerClass', readSwitch(value)),
    show: ({ isPerClass }) => (isPerClass ? 'on' : 'off'),
  },
  {
    key: 'loc-scale',
    description: '1023 as in training, 1024 as in some tools',
    choices: ['1023', '1024'],
    range: '1023 or 1024',
    read: (value) =>
      value === '1023' ? { locScale: 1023 } : value === '1024' ? { locScale: 1024 } : undefined,
    show: ({ locScale }) => String(locScale),
  },
  ...videoSettingDefinitions,
  {
    key: 'private-urls',
    description: 'also open rtsp addresses on private networks, like --allow-private-urls',
    choices: ['on', 'off'],
    range: 'on or off',
    read: (value) => changeField('allowsPrivateUrls', readSwitch(value)),
    show: ({ allowsPrivateUrls }) => (allowsPrivateUrls ? 'on' : 'off'),
  },
  {
    key: 'preview',
    description: 'how pictures are shown',
    choices: showWords,
    range: showWords.join(', '),
    read: (value) => changeField('preview', readShowWord(value)),
    show: ({ preview }) => preview,
  },
  {
    key: 'history',
    description: 'keep lines on disk',
    choices: ['on', 'off'],
    range: 'on or off',
    read: (value) => changeField('keepsHistory', readSwitch(value)),
    show: ({ keepsHistory }) => (keepsHistory ? 'on' : 'off'),
  },
];

/**
 * Change one setting.
 * @throws {UsageError} there is no such setting, or the value is not allowed.
 */
export function changeSetting(settings: Settings, key: string, value: string): Settings {
  const definition = settingDefinitions.find((one) => one.key === key);
  if (definition === undefined) {
    const keys = settingDefinitions.map((one) => one.key);
    const near = findNearestName(key, keys);
    throw new UsageError('SETTING', `There is no setting '${key}'.`, {
      hint: near === undefined ? `Settings: ${keys.join(', ')}.` : `Did you mean ${near}? /set lists all.`,
    });
  }
  const change = definition.read(value);
  if (change === undefined) {
    throw new UsageError('SETTING', `${key} cannot be '${value}'.`, { hint: `It is ${definition.range}.` });
  }
  return { ...settings, ...change };
}
