import { join } from 'node:path';
import { stat } from 'node:fs/promises';
import * as v from 'valibot';
import { parseSection, readConfigFile } from './config-file.js';

/** More than any model has. */
const MAX_ENDS = 64;

const id = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const schema = v.looseObject({
  eos_token_id: v.nullish(v.union([id, v.pipe(v.array(id), v.maxLength(MAX_ENDS))])),
});

/**
 * The tokens that end an answer, of which there may be several: `eos_token_id` of generation_config.json, else of
 * config.json, else of its text_config, as transformers looks for it; empty where none says anything.
 * @param folder a checkpoint's.
 * @throws {ModelError} the value found is not a list of ids.
 */
export async function readEndIds(folder: string): Promise<number[]> {
  const generationPath = join(folder, 'generation_config.json');
  const configPath = join(folder, 'config.json');
  const isThere = (await stat(generationPath).catch(() => undefined))?.isFile() === true;
  const config = parseSection(schema, await readConfigFile(configPath), configPath);
  const places: readonly [unknown, string, string?][] = [
    ...(isThere ? [[await readConfigFile(generationPath), generationPath] satisfies [unknown, string]] : []),
    [config, configPath],
    [config['text_config'] ?? {}, configPath, 'text_config'],
  ];
  for (const [value, path, section] of places) {
    const { eos_token_id: ids } = parseSection(schema, value, path, section);
    if (ids !== undefined && ids !== null) return [...new Set([ids].flat())];
  }
  return [];
}
