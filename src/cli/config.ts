import { resolve } from 'node:path';
import type Conf from 'conf';
import { UsageError } from '../base/errors.js';

/** What the user has set, as the config file holds it. */
interface Config {
  /** Name of the model that commands use unless --model says otherwise. */
  'default-model'?: string;
  device?: string;
  dtype?: string;
  'mask-decoder-url'?: string;
  /** Settings of the REPL, by the names of its /set, as texts. */
  repl?: Record<string, string>;
}

/** The settings that `pali config` changes; src/cli/settings.ts says what each may be. */
export type ConfigKey = Exclude<keyof Config, 'repl'>;

/** What the config file says, or undefined. */
export async function readConfigValue(key: ConfigKey): Promise<string | undefined> {
  return (await openConfig()).get(key);
}

/** Keep a value that was checked. */
export async function writeConfigValue(key: ConfigKey, value: string): Promise<void> {
  (await openConfig()).set(key, value);
}

/** Go back to the default. */
export async function clearConfigValue(key: ConfigKey): Promise<void> {
  (await openConfig()).delete(key);
}

/** Where the config file is, or would be. */
export async function configPath(): Promise<string> {
  return (await openConfig()).path;
}

/** What `/set --save` kept, by the names of /set; `device` too. */
export async function readReplSettings(): Promise<Record<string, string>> {
  return (await openConfig()).get('repl') ?? {};
}

/** Keep settings of the REPL beside those kept before. The model is the default of every command. */
export async function writeReplSettings({
  model,
  ...values
}: Readonly<Record<string, string>>): Promise<void> {
  const config = await openConfig();
  if (model !== undefined) config.set('default-model', model);
  config.set('repl', { ...config.get('repl'), ...values });
}

/**
 * The config file: config.json in PALI_HOME when that is set, else in the platform's folder for settings.
 * @throws {UsageError} the file is not what pali writes.
 */
async function openConfig(): Promise<Conf<Config>> {
  const { default: ConfStore } = await import('conf');
  const home = process.env['PALI_HOME'];
  try {
    return new ConfStore<Config>({
      projectName: 'pali',
      projectSuffix: '',
      ...(home ? { cwd: resolve(home) } : {}),
      schema: {
        'default-model': { type: 'string' },
        device: { type: 'string' },
        dtype: { type: 'string' },
        'mask-decoder-url': { type: 'string' },
        repl: { type: 'object', additionalProperties: { type: 'string' } },
      },
    });
  } catch (cause) {
    const why = cause instanceof Error ? cause.message.split('\n')[0] : String(cause);
    throw new UsageError('CONFIG_UNREADABLE', `The config file cannot be read: ${why}`, {
      hint: 'Correct or remove config.json in PALI_HOME, or in the folder for settings of your system.',
      cause,
    });
  }
}
