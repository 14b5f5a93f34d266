import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { isFile } from '../../base/files/is-file.js';
import * as v from 'valibot';
import { ModelError } from '../../base/errors.js';
import { describeUnread, isUnread, readRegularFile } from '../../base/files/read-regular-file.js';
import { nameOtherWeights } from '../../base/model-files/name-other-weights.js';
import { parseJsonAsPython } from '../../base/files/parse-json-as-python.js';
import { mapOf } from './config-file.js';
import { damagedSafetensors } from './safetensors-header.js';

/** The index of Google's largest checkpoint has 200 KB. */
const MAX_INDEX_BYTES = 16 * 2 ** 20;
export const SINGLE_FILE = 'model.safetensors';
export const INDEX_FILE = 'model.safetensors.index.json';

const indexSchema = v.object({ weight_map: mapOf(v.string()) });

/** Which of a checkpoint's files holds which tensor, under the names in the files. */
export type WeightMap = Readonly<Record<string, string>>;

/**
 * Read the index of a checkpoint in several files; undefined where there is none. Beside a single file, which counts
 * before it as in transformers, it is a leftover.
 * @throws {DamagedFileError} it is none, or names files elsewhere.
 */
export async function readIndex(folder: string): Promise<WeightMap | undefined> {
  if (await isFile(join(folder, SINGLE_FILE))) return undefined;
  const path = join(folder, INDEX_FILE);
  const content = await readRegularFile(path, MAX_INDEX_BYTES);
  if (isUnread(content)) {
    if (content.reason === 'missing') return undefined;
    throw damagedSafetensors(path, describeUnread(content));
  }
  let value: unknown;
  try {
    value = parseJsonAsPython(content.toString('utf8'));
  } catch (cause) {
    throw damagedSafetensors(path, 'it is not JSON', cause);
  }
  const parsed = v.safeParse(indexSchema, value, { abortEarly: true });
  if (!parsed.success) throw damagedSafetensors(path, 'it has no weight_map of names to files');
  const map = parsed.output.weight_map;
  const files = Object.values(map);
  if (files.length === 0) throw damagedSafetensors(path, 'it lists no tensors');
  const isUnsafe = files.some((file) => !/^[A-Za-z0-9_][A-Za-z0-9._-]*\.safetensors$/.test(file));
  if (isUnsafe) throw damagedSafetensors(path, 'it names a shard outside its folder');
  return map;
}

/** The files that hold the weights, by name. */
export function listWeightFiles(index: WeightMap | undefined): string[] {
  return index === undefined ? [SINGLE_FILE] : [...new Set(Object.values(index))].sort();
}

/**
 * See that the files of the weights are there.
 * @throws {ModelError} one is missing; the sentence says what else is there.
 */
export async function checkWeightFiles(folder: string, index: WeightMap | undefined): Promise<void> {
  for (const file of listWeightFiles(index)) {
    if (await isFile(join(folder, file))) continue;
    if (index === undefined) throw await noWeights(folder);
    throw new ModelError('CHECKPOINT_INCOMPLETE', `The shard ${file} is missing from ${folder}.`, {
      hint: 'Finish the download of the checkpoint, then try again.',
    });
  }
}

async function noWeights(folder: string): Promise<ModelError> {
  const other = nameOtherWeights(await readdir(folder).catch((): string[] => []));
  if (other) {
    return new ModelError('CHECKPOINT_INCOMPLETE', `${folder} holds ${other.what}.`, { hint: other.hint });
  }
  return new ModelError(
    'CHECKPOINT_INCOMPLETE',
    `${folder} holds no weights: neither ${SINGLE_FILE} nor ${INDEX_FILE}.`,
    { hint: 'Point to the folder of a PaliGemma checkpoint in the Hugging Face layout.' },
  );
}
