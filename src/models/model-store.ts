import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isFile } from '../base/files/is-file.js';
import { dtypes, type Dtype } from '../base/dtype.js';
import { ModelError, UsageError } from '../base/errors.js';
import { readPack, sumPackBytes } from '../base/model-files/pack.js';
import { MANIFEST_FILE, parseManifest, type ModelManifest } from '../base/model-manifest.js';

/** One converted form of a model, in `<models>/<name>/<dtype>`. */
export interface InstalledModel {
  readonly name: string;
  readonly dtype: Dtype;
  readonly folder: string;
  /** Absent when it cannot be read: the model must then be removed and imported again. */
  readonly manifest?: ModelManifest;
  /** All files that the manifest names, and the packed weights. */
  readonly sizeBytes: number;
  readonly modified: Date;
}

/** Long enough for any repository's name, short enough for every file system. */
const MAX_NAME_LENGTH = 96;

/**
 * Check a model's name: letters, digits, dot, dash and underscore, beginning with a letter or digit.
 * @throws {UsageError} it is anything else, such as a path.
 */
export function checkModelName(name: string): string {
  if (isModelName(name)) return name;
  throw new UsageError('MODEL_NAME', `'${name}' is not a name for a model.`, {
    hint: `Use letters, digits, dots, dashes and underscores, ${MAX_NAME_LENGTH} at most.`,
  });
}

/** Whether checkModelName takes it. */
export function isModelName(name: string): boolean {
  return /^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(name) && name.length <= MAX_NAME_LENGTH;
}

/** Where a converted model of this name and dtype is, or would be. */
export function modelFolder(store: string, name: string, dtype: Dtype): string {
  return join(store, checkModelName(name), dtype);
}

/** All converted models in the store's folder, by name, then in the order of `dtypes`. */
export async function listModels(store: string): Promise<InstalledModel[]> {
  const names = await readdir(store).catch(() => []);
  const models: InstalledModel[] = [];
  for (const name of names.filter((entry) => !entry.startsWith('.')).sort()) {
    for (const dtype of await listDtypes(store, name)) {
      models.push(await describeModel(name, dtype, join(store, name, dtype)));
    }
  }
  return models;
}

/** The dtypes in which a model exists, in the order of `dtypes`. */
export async function listDtypes(store: string, name: string): Promise<Dtype[]> {
  const found: Dtype[] = [];
  for (const dtype of dtypes) if (await isFile(join(store, name, dtype, MANIFEST_FILE))) found.push(dtype);
  return found;
}

async function describeModel(name: string, dtype: Dtype, folder: string): Promise<InstalledModel> {
  const modified = (await stat(join(folder, MANIFEST_FILE))).mtime;
  try {
    const manifest = await parseManifest(folder);
    const pack = await readPack(folder);
    const packBytes = typeof pack === 'object' ? sumPackBytes(pack) : 0;
    const sizeBytes = manifest.files.reduce((sum, file) => sum + file.sizeBytes, packBytes);
    return { name, dtype, folder, manifest, sizeBytes, modified };
  } catch (error) {
    if (error instanceof ModelError) throw error;
    return { name, dtype, folder, sizeBytes: 0, modified };
  }
}
