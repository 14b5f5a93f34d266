import { readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type Conf from 'conf';
import { describeNoFolder, ensureFolder } from '../../base/files/ensure-folder.js';
import { UsageError } from '../../base/errors.js';
import { whyUnwritable } from '../../base/files/unwritable.js';

const REASONS: Readonly<Record<string, string>> = {
  ENOTDIR: 'The config file cannot be read, as what should be its folder is a file',
  EACCES: 'You have no permission to read the config file',
  EPERM: 'You have no permission to read the config file',
};

/** What the user has set, as the config file holds it. */
interface Config {
  /** Name of the model that commands use unless --model says otherwise. */
  'default-model'?: string;
  device?: string;
  dtype?: string;
  'keep-alive'?: string;
  'mask-decoder-url'?: string;
  /** Settings of the REPL, by the names of its /set, as texts. */
  repl?: Record<string, string>;
}

/** The settings that `pali config` changes; src/cli/settings/settings.ts says what each may be. */
export type ConfigKey = Exclude<keyof Config, 'repl'>;

/** What the config file says, or undefined. */
export async function readConfigValue(key: ConfigKey): Promise<string | undefined> {
  return (await readConfig())[key];
}

/** Keep a value that was checked. */
export async function writeConfigValue(key: ConfigKey, value: string): Promise<void> {
  await changeConfig((config) => config.set(key, value));
}

/** Go back to the default. */
export async function clearConfigValue(key: ConfigKey): Promise<void> {
  await changeConfig((config) => config.delete(key));
}

/** Where the config file is, or would be: in PALI_HOME when that is set, else in the platform's folder for settings. */
export async function configPath(): Promise<string> {
  const home = process.env['PALI_HOME'];
  if (home) return join(resolve(home), 'config.json');
  const { default: envPaths } = await import('env-paths');
  return join(envPaths('pali', { suffix: '' }).config, 'config.json');
}

/** What `/set --save` kept, by the names of /set; `device` too. */
export async function readReplSettings(): Promise<Record<string, string>> {
  return (await readConfig()).repl ?? {};
}

/** Keep settings of the REPL beside those kept before. The model is the default of every command. */
export async function writeReplSettings({
  model,
  ...values
}: Readonly<Record<string, string>>): Promise<void> {
  await changeConfig((config) => {
    if (model !== undefined) config.set('default-model', model);
    config.set('repl', { ...config.get('repl'), ...values });
  });
}

/**
 * Read without the library that writes: every command does this, and loading that takes longer than parsing an answer.
 * @throws {UsageError} the file is not what pali writes.
 */
async function readConfig(): Promise<Config> {
  let text: string;
  try {
    text = await readFile(await configPath(), 'utf8');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw unreadable(cause);
  }
  try {
    return checkConfig(JSON.parse(text));
  } catch (cause) {
    throw unreadable(cause);
  }
}

/** Every value is a text, but `repl`, which holds texts. */
function checkConfig(value: unknown): Config {
  if (!isObject(value)) throw new Error('it holds no settings');
  const { repl = {}, ...settings } = value;
  if (!isObject(repl)) throw new Error('`repl` holds no settings');
  for (const [name, setting] of Object.entries({ ...repl, ...settings })) {
    if (typeof setting !== 'string') throw new Error(`\`${name}\` is not a text`);
  }
  return value;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The config file, to be changed. @throws {UsageError} it is not what pali writes. */
async function openConfig(): Promise<Conf<Config>> {
  await readConfig();
  const folder = dirname(await configPath());
  await ensureFolder(folder).catch((cause: unknown) => {
    throw new UsageError('CONFIG_UNWRITABLE', describeNoFolder(folder, cause), {
      hint: 'Set PALI_HOME to a folder that you may write to.',
      cause,
    });
  });
  const { default: ConfStore } = await import('conf');
  try {
    return new ConfStore<Config>({ cwd: folder });
  } catch (cause) {
    throw unreadable(cause);
  }
}

/** @throws {UsageError} the file is not what pali writes, or it cannot be written. */
async function changeConfig(change: (config: Conf<Config>) => void): Promise<void> {
  const config = await openConfig();
  try {
    change(config);
  } catch (cause) {
    const path = await configPath();
    throw new UsageError('CONFIG_UNWRITABLE', `${path} cannot be written: ${whyUnwritable(path, cause)}.`, {
      hint: 'Set PALI_HOME to a folder that you may write to.',
      cause,
    });
  }
}

function unreadable(cause: unknown): UsageError {
  const { code = '', message = String(cause), path } = cause as NodeJS.ErrnoException;
  const sentence = REASONS[code] ?? `The config file cannot be read: ${message.split('\n')[0]}`;
  return new UsageError('CONFIG_UNREADABLE', path === undefined ? sentence : `${sentence}: ${path}`, {
    hint:
      code in REASONS
        ? 'Set PALI_HOME to a folder of yours.'
        : 'Correct or remove config.json in PALI_HOME, or in the folder for settings of your system.',
    cause,
  });
}
