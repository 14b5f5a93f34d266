import { join } from 'node:path';
import { isFile } from '../base/files/is-file.js';
import * as v from 'valibot';
import { ModelError } from '../base/errors.js';
import { isUnread, readRegularFile } from '../base/files/read-regular-file.js';
import { parseJsonAsPython } from '../base/files/parse-json-as-python.js';
import { stripControl } from '../base/strip-control.js';
import { isRepositoryName } from '../hub/read-repository.js';
import { ADAPTER_CONFIG_FILE } from '../weights/adapter/adapter-config.js';
import { INDEX_FILE, SINGLE_FILE } from '../weights/checkpoint/checkpoint-index.js';

import { quoteForShell } from './quote-for-shell.js';

/** One that names thousands of layers has 100 KB. */
const MAX_CONFIG_BYTES = 4 * 2 ** 20;
const schema = v.object({ base_model_name_or_path: v.string() });

/** Whether these files are an adapter's alone. */
export function isAdapterAlone(has: (name: string) => boolean): boolean {
  return has(ADAPTER_CONFIG_FILE) && !has(SINGLE_FILE) && !has(INDEX_FILE);
}

/**
 * A folder that holds an adapter and no model: name its base, and offer the line to type.
 * @param given how the user called it: the folder, or a repository.
 * @throws {ModelError} it is one.
 */
export async function refuseAdapterAsModel(folder: string, given: string): Promise<void> {
  const names = [ADAPTER_CONFIG_FILE, SINGLE_FILE, INDEX_FILE];
  const there = await Promise.all(names.map((name) => isFile(join(folder, name))));
  if (!isAdapterAlone((name) => there[names.indexOf(name)])) return;
  const base = await readBase(join(folder, ADAPTER_CONFIG_FILE));
  const adapter = quoteForShell(given);
  const [command, from] =
    base !== undefined && isRepositoryName(base) ? ['pull', base] : ['import', 'THE_BASE_MODELS_FOLDER'];
  const trainedOn = base === undefined ? '' : ` It was trained on ${stripControl(base).slice(0, 200)}.`;
  throw new ModelError(
    'ADAPTER_ALONE',
    `${stripControl(given)} is a LoRA adapter, not a model.${trainedOn}`,
    {
      hint: `Merge it into its base: pali ${command} ${from} --adapter ${adapter} --name NAME`,
    },
  );
}

async function readBase(path: string): Promise<string | undefined> {
  const content = await readRegularFile(path, MAX_CONFIG_BYTES);
  if (isUnread(content)) return undefined;
  try {
    const parsed = v.safeParse(schema, parseJsonAsPython(content.toString('utf8')));
    return parsed.success ? parsed.output.base_model_name_or_path : undefined;
  } catch {
    return undefined;
  }
}
