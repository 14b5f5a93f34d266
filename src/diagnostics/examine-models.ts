import { exitCodes } from '../base/errors.js';
import { readHubSettings } from '../hub/hub-settings.js';
import { DEMO_MODEL } from '../models/demo-model.js';
import type { Finding } from './finding.js';
import { listModels } from '../models/model-store.js';

/** @param defaultModel the name that commands use by default. */
export async function examineModels(store: string, defaultModel: string): Promise<Finding> {
  const models = await listModels(store);
  const names = [...new Set([DEMO_MODEL, ...models.map(({ name }) => name)])];
  const value = names.join(', ');
  const damaged = models.find(({ manifest }) => manifest === undefined);
  if (damaged !== undefined) {
    const note = `${damaged.name} (${damaged.dtype}) is damaged: pali rm ${damaged.name} --dtype ${damaged.dtype}`;
    return { name: 'models', value, state: 'failed', note, exitCode: exitCodes.damaged };
  }
  if (!names.includes(defaultModel)) {
    const note = `the default, ${defaultModel}, is not there: choose another with pali use NAME`;
    return { name: 'models', value, state: 'failed', note, exitCode: exitCodes.model };
  }
  return { name: 'models', value, state: 'ok', note: `default: ${defaultModel}` };
}

/** Where the hub's token comes from; it is not tried, as that would need the network. */
export async function examineToken(env: NodeJS.ProcessEnv = process.env): Promise<Finding> {
  const { tokenSource } = await readHubSettings(env);
  if (tokenSource !== undefined)
    return { name: 'token', value: `from ${tokenSource}`, state: 'ok', note: 'try it: pali whoami' };
  return { name: 'token', value: 'none', state: 'absent', note: 'needed for gated models: pali login' };
}
