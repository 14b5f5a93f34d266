import type { Settings } from './settings.js';

/** A setting as users see it. */
export interface SettingDefinition {
  readonly key: string;
  readonly description: string;
  /** Values for menus, where they can be listed. */
  readonly choices: readonly string[];
  /** The fields that this value changes; undefined when the setting cannot be that. */
  readonly read: (value: string) => Partial<Settings> | undefined;
  readonly show: (settings: Settings) => string;
  /** What values there are, for errors. */
  readonly range: string;
}

/** One field's change; undefined when there is no value for it. */
export function changeField<Key extends keyof Settings>(
  key: Key,
  value: Settings[Key] | undefined,
): Partial<Settings> | undefined {
  return value === undefined ? undefined : { [key]: value };
}

/** `on` or `off`. */
export function readSwitch(value: string): boolean | undefined {
  return value === 'on' ? true : value === 'off' ? false : undefined;
}

/** A decimal number within bounds, both included. */
export function readNumber(value: string, min: number, max: number, isWhole = false): number | undefined {
  const number = /^-?(\d+(\.\d*)?|\.\d+)$/.test(value) ? Number(value) : NaN;
  return number >= min && number <= max && (!isWhole || Number.isSafeInteger(number)) ? number : undefined;
}
