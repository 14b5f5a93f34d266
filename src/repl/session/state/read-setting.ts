/** A setting as users see it; `Values` are all the values that it is stored with. */
export interface SettingDefinition<Values> {
  readonly key: string;
  readonly description: string;
  /** Values for menus, if they can be listed. */
  readonly choices: readonly string[];
  /** The fields that this value changes; undefined when the value is not allowed. */
  readonly read: (value: string) => Partial<Values> | undefined;
  readonly show: (settings: Values) => string;
  /** The allowed values, for errors. */
  readonly range: string;
}

/** Change one field; undefined when there is no value for it. */
export function changeField<Key extends string, Value>(
  key: Key,
  value: Value | undefined,
): Record<Key, Value> | undefined {
  return value === undefined ? undefined : ({ [key]: value } as Record<Key, Value>);
}

/** `on` or `off`. */
export function readSwitch(value: string): boolean | undefined {
  return value === 'on' ? true : value === 'off' ? false : undefined;
}

/** A decimal number within bounds, both included. */
export function parseNumber(value: string, min: number, max: number, isWhole = false): number | undefined {
  const number = /^-?(\d+(\.\d*)?|\.\d+)$/.test(value) ? Number(value) : NaN;
  return number >= min && number <= max && (!isWhole || Number.isSafeInteger(number)) ? number : undefined;
}
