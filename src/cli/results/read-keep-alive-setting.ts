import { readSetting } from '../settings/settings.js';

/** How long a command leaves its model with a server; undefined for not at all. */
export async function readKeepAliveSetting(): Promise<string | undefined> {
  const { value } = await readSetting('keep-alive');
  return value === 'off' ? undefined : value;
}
