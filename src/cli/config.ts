import { resolve } from 'node:path';
import type Conf from 'conf';
import { UsageError } from '../base/errors.js';

/** What the user has set, as the config file holds it. */
interface Config {
  /** Name of the model that commands use unless --model says otherwise. */
  'default-model'?: string;
  /** Settings of the REPL, by the names of its /set, as texts. */
  repl?: Record<string, string>;
}

/** The model that was chosen with `pali use`, or undefined. */
export async function readDefaultModel(): Promise<string | undefined> {
  return (await openConfig()).get('default-model');
}

/** Keep the choice of `pali use`. */
export async function writeDefaultModel(name: string): Promise<void> {
  (await openConfig()).set('default-model', name);
}

/** Go back to the demo model. */
export async function clearDefaultModel(): Promise<void> {
  (await openConfig()).delete('default-model');
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
