import { basename, dirname, join, resolve } from 'node:path';
import { isFile } from '../base/files/is-file.js';
import { isFolder } from '../base/files/is-folder.js';
import { dtypes, type DeviceName, type Dtype } from '../base/dtype.js';
import { ModelError } from '../base/errors.js';
import { MANIFEST_FILE, parseManifest } from '../base/model-manifest.js';
import { DEMO_MODEL, prepareDemoModel } from './demo-model.js';
import type { ImportProgress } from './import-model.js';
import { listDtypes, listModels, modelFolder } from './model-store.js';
import { quoteForShell } from './quote-for-shell.js';
import { findNearestName } from '../base/nearest-name.js';

/** What the user asked for. */
export interface ModelChoice {
  /** The store's folder. */
  readonly store: string;
  /** A name in the store, or a path to a folder; the demo model when absent. */
  readonly model?: string | undefined;
  readonly dtype?: Dtype | undefined;
  readonly device: DeviceName;
  readonly signal?: AbortSignal | undefined;
  /** Called while the demo model is being prepared. */
  readonly onProgress?: ((progress: ImportProgress) => void) | undefined;
}

/** A converted model that is ready to be loaded. */
export interface ResolvedModel {
  readonly name: string;
  readonly dtype: Dtype;
  readonly folder: string;
}

/** The demo model is small enough to be exact. */
const DEMO_DTYPE: Dtype = 'fp32';
/** Best first where a GPU was asked for: those with int8 run on the CPU only. */
const GPU_PREFERENCE: readonly Dtype[] = ['fp16', 'int4', 'fp32', 'int8-int4', 'int8'];
/** Best first elsewhere: the fastest on the CPU. */
const CPU_PREFERENCE: readonly Dtype[] = ['int8-int4', 'int8', 'int4', 'fp16', 'fp32'];

/**
 * Find the converted model that the user means. A path to a converted model is taken as it is; a name is looked
 * up in the store; the demo model is converted when it is used for the first time.
 *
 * @throws {ModelError} there is no such model, not in this dtype, or it is a checkpoint not yet imported.
 */
export async function resolveModel(choice: ModelChoice): Promise<ResolvedModel> {
  const { store, model = DEMO_MODEL, dtype } = choice;
  if (model === DEMO_MODEL) {
    const demo = { ...choice, dtype: dtype ?? DEMO_DTYPE };
    return { name: DEMO_MODEL, dtype: demo.dtype, folder: await prepareDemoModel(demo) };
  }
  const isName = /^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(model);
  const available = isName ? await listDtypes(store, model) : [];
  if (available.length > 0) {
    const chosen = dtype ?? preferDtype(available, choice.device);
    if (available.includes(chosen))
      return { name: model, dtype: chosen, folder: modelFolder(store, model, chosen) };
    throw new ModelError('DTYPE_MISSING', `The model ${model} is not there as ${chosen}.`, {
      hint: `It is there as ${available.join(', ')}. For ${chosen}: ${await describeSource(store, model, available[0])} --name ${model} --dtype ${chosen}`,
    });
  }
  // An empty path would be the current folder.
  const folder = model.trim() === '' ? undefined : await resolveFolder(model, dtype);
  if (folder !== undefined) return folder;
  throw await unknownModel(store, model);
}

/** How the model got here, as a command that can be run again, where there is one. */
async function describeSource(store: string, name: string, dtype: Dtype): Promise<string> {
  const manifest = await parseManifest(modelFolder(store, name, dtype)).catch(() => undefined);
  const { path = '', revision, adapter } = manifest?.source ?? {};
  const isPulled = revision !== undefined && adapter === undefined && /^[\w.-]+\/[\w.-]+$/.test(path);
  return isPulled ? `pali pull ${path}` : 'pali import DIR';
}

async function resolveFolder(path: string, dtype: Dtype | undefined): Promise<ResolvedModel | undefined> {
  const folder = resolve(path);
  if (!(await isFolder(folder))) return undefined;
  if (await isFile(join(folder, MANIFEST_FILE))) {
    const manifest = await parseManifest(folder);
    if (dtype !== undefined && dtype !== manifest.dtype) {
      throw new ModelError('DTYPE_MISSING', `The model in ${path} is ${manifest.dtype}, not ${dtype}.`);
    }
    return { name: nameOfFolder(folder), dtype: manifest.dtype, folder };
  }
  if (await isFile(join(folder, 'config.json'))) {
    throw new ModelError('MODEL_NOT_IMPORTED', `${path} is a checkpoint that has not been imported.`, {
      hint: `pali import ${quoteForShell(path)} --name NAME, then --model NAME`,
    });
  }
  throw new ModelError('MODEL_MISSING', `${path} holds neither a converted model nor a checkpoint.`, {
    hint: 'List the installed models with: pali models',
  });
}

/** A store has its models in `<name>/<dtype>`. */
function nameOfFolder(folder: string): string {
  const name = basename(folder);
  return dtypes.some((dtype) => dtype === name) ? basename(dirname(folder)) : name;
}

function preferDtype(available: readonly Dtype[], device: DeviceName): Dtype {
  const order = device === 'auto' || device === 'cpu' ? CPU_PREFERENCE : GPU_PREFERENCE;
  return order.find((dtype) => available.includes(dtype)) ?? available[0];
}

/** The error for a name that is not in the store: what there is, and what was probably meant. */
export async function unknownModel(store: string, model: string): Promise<ModelError> {
  const names = [...new Set([DEMO_MODEL, ...(await listModels(store)).map(({ name }) => name)])];
  const nearest = findNearestName(model, names);
  const meant = nearest === undefined ? '' : `Did you mean ${nearest}? `;
  return new ModelError('MODEL_MISSING', `There is no model '${model}'.`, {
    hint: `${meant}There is: ${names.join(', ')}. Get others with pali pull OWNER/NAME, or from a folder with pali import DIR --name NAME`,
  });
}
