import { isKeepAlive } from '../../base/keep-alive.js';
import { deviceNames, dtypes } from '../../base/dtype.js';
import { UsageError } from '../../base/errors.js';
import { DEMO_MODEL } from '../../models/demo-model.js';
import { findNearestName } from '../../base/nearest-name.js';
import { readConfigValue } from './config.js';
import { settingNames, type SettingName } from './setting-names.js';

/** One thing that a user can set for good. */
export interface Setting {
  readonly description: string;
  /** Environment variable that wins over the config file. */
  readonly variable: string;
  readonly default: string;
  /** What a value may be, in words. */
  readonly kind: string;
  readonly isValid: (value: string) => boolean;
}

const oneOf = (words: readonly string[]): Pick<Setting, 'kind' | 'isValid'> => ({
  kind: `one of ${words.join(', ')}`,
  isValid: (value) => words.includes(value),
});

/** Everything that `pali config` knows. A flag wins over the variable, the variable over the config file. */
export const settings = {
  'default-model': {
    description: 'the model that commands use',
    variable: 'PALI_MODEL',
    default: DEMO_MODEL,
    kind: "a model's name",
    isValid: (value) => value !== '',
  },
  device: {
    description: 'where models run',
    variable: 'PALI_DEVICE',
    default: 'auto',
    ...oneOf(deviceNames),
  },
  dtype: {
    description: 'the form that pull and import make',
    variable: 'PALI_DTYPE',
    default: 'auto',
    ...oneOf(['auto', ...dtypes]),
  },
  'keep-alive': {
    description: 'a command that loads a model leaves it to a server for this long',
    variable: 'PALI_KEEP_ALIVE',
    default: 'off',
    kind: 'off, or a time such as 5m or 1h',
    isValid: (value) => value === 'off' || (isKeepAlive(value) && value !== '0'),
  },
  'mask-decoder-url': {
    description: 'where pull finds the mask decoder',
    variable: 'PALI_MASK_DECODER_URL',
    default: '',
    kind: 'an http address; empty for the original one',
    isValid: (value) => value === '' || /^https?:\/\/\S+$/.test(value),
  },
} as const satisfies Record<SettingName, Setting>;

/** A setting's value, and who says so. */
export interface SettingValue {
  readonly value: string;
  readonly source: 'environment' | 'config' | 'default';
}

/**
 * @param name as the user wrote it.
 * @throws {UsageError} there is no such setting.
 */
export function checkSettingName(name: string): SettingName {
  const known = settingNames.find((candidate) => candidate === name);
  if (known !== undefined) return known;
  const nearest = findNearestName(name, settingNames);
  throw new UsageError('SETTING_UNKNOWN', `There is no setting '${name}'.`, {
    hint: nearest === undefined ? `There is: ${settingNames.join(', ')}.` : `Did you mean ${nearest}?`,
  });
}

/** @throws {UsageError} the setting cannot have this value. */
export function checkSettingValue(name: SettingName, value: string): string {
  const { isValid, kind }: Setting = settings[name];
  if (isValid(value)) return value;
  throw new UsageError('SETTING_VALUE', `${name} cannot be '${value}'.`, { hint: `It is ${kind}.` });
}

/**
 * The value that counts when no flag is given.
 * @throws {UsageError} the variable's or the config file's value is none that the setting can have.
 */
export async function readSetting(
  name: SettingName,
  env: NodeJS.ProcessEnv = process.env,
): Promise<SettingValue> {
  const { variable, default: fallback, isValid, kind }: Setting = settings[name];
  const fromEnv = env[variable];
  if (fromEnv !== undefined && fromEnv !== '') {
    if (isValid(fromEnv)) return { value: fromEnv, source: 'environment' };
    throw new UsageError('SETTING_VALUE', `${variable} cannot be '${fromEnv}'.`, { hint: `It is ${kind}.` });
  }
  const fromConfig = await readConfigValue(name);
  if (fromConfig === undefined) return { value: fallback, source: 'default' };
  return { value: checkSettingValue(name, fromConfig), source: 'config' };
}
