import { readdir, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { isFile } from '../base/files/is-file.js';
import { pathExists } from '../base/files/path-exists.js';
import { describeNoFolder, ensureFolder } from '../base/files/ensure-folder.js';
import type { Dtype } from '../base/dtype.js';
import { InputError, ModelError } from '../base/errors.js';
import { isFolder } from '../base/files/is-folder.js';
import { refusePack } from '../base/model-files/pack.js';
import type { ModelManifest } from '../base/model-manifest.js';
import type { TokenIds } from '../base/model-spec.js';
import { loadTokenizer } from '../tokens/load-tokenizer.js';
import { convertCheckpoint } from '../weights/convert/convert-checkpoint.js';
import { TOKENIZER_FILES } from '../weights/convert/convert-options.js';
import { describeDiskError } from './describe-disk-error.js';
import { type GenerationSettings, readGeneration } from '../weights/checkpoint/read-generation.js';
import { readConfig } from '../weights/checkpoint/read-config.js';
import { modelFolder } from './model-store.js';
import { keepConversion, moveModel } from './move-model.js';
import { refuseAdapterAsModel } from './refuse-adapter-as-model.js';
import { packageVersion } from '../base/package-folder.js';
import { tryOutModel } from './try-out-model.js';
import { isLeftImport, newTemporaryImport } from './temporary-import.js';

/** How far an import is. */
export interface ImportProgress {
  /** What is being done: a part of the model, or `trying it out` at the end. */
  readonly part: string;
  /** Position in that part, such as `layer 5 of 18`, or what it is waiting for. */
  readonly detail?: string | undefined;
  /** Of the whole, 0..1. */
  readonly share: number;
}

/** What to import, and where to put it. */
export interface ImportOptions {
  /** A Hugging Face checkpoint: config.json, tokenizer and safetensors. */
  readonly sourceFolder: string;
  /** Folder of a PEFT LoRA adapter to merge. */
  readonly adapterFolder?: string | undefined;
  /** When shards of the checkpoint are still being downloaded: settles when one has arrived and been checked. */
  readonly waitFor?: ((file: string) => Promise<void>) | undefined;
  /** What is on its way is `model.safetensors`, whatever an index says. */
  readonly isSingleFile?: boolean | undefined;
  /** The mask decoder when there is none beside the checkpoint. */
  readonly maskDecoderFile?: string | undefined;
  readonly name: string;
  readonly dtype: Dtype;
  /** The store's folder. */
  readonly store: string;
  /** Where the checkpoint came from, for the manifest; the path of `sourceFolder` when absent. */
  readonly source?: ModelManifest['source'] | undefined;
  /** Whether a model that another process put there in the meantime is kept; by default it is replaced. */
  readonly keeps?: ((folder: string) => Promise<boolean>) | undefined;
  /** Its weights are never packed ahead. */
  readonly isUnpacked?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: ImportProgress) => void) | undefined;
  /** Called with a sentence for the user that is not an error. */
  readonly onNote?: ((sentence: string) => void) | undefined;
}

/** The steps of an import; replaced in tests. */
export interface ImportDependencies {
  readonly convert?: typeof convertCheckpoint;
  /** Of a checkpoint's folder; of the folder of the tokenizer. */
  readonly readTokens?: (folder: string, tokenizerFolder: string) => Promise<TokenIds>;
  readonly readSettings?: (folder: string) => Promise<GenerationSettings>;
  /** Gives a sentence when the model could not be tried out now. */
  readonly tryOut?: (folder: string, signal?: AbortSignal) => Promise<string | undefined>;
  /** Gives the converted model its name. */
  readonly move?: typeof moveModel;
}

/**
 * Convert a checkpoint into the store, and try it out on the CPU. The model appears whole or not at all: it is
 * created in a temporary folder and renamed; the next import removes what a killed process left behind. Several
 * processes may import at once.
 *
 * @returns the folder of the converted model.
 * @throws {CancelledError} `signal` was aborted. {ModelError} {DamagedFileError} the checkpoint cannot be
 * converted. {EngineError} the converted model does not run. {InputError} the store cannot be written.
 */
export async function importModel(
  options: ImportOptions,
  {
    convert = convertCheckpoint,
    readTokens = readTokenIds,
    readSettings = readGeneration,
    tryOut = tryOutModel,
    move = moveModel,
  }: ImportDependencies = {},
): Promise<string> {
  const { name, dtype, store, signal, onProgress, onNote } = options;
  const sourceFolder = resolve(options.sourceFolder);
  await needFolder(options.sourceFolder);
  if (options.adapterFolder !== undefined) await needFolder(options.adapterFolder);
  const adapterFolder = options.adapterFolder === undefined ? undefined : resolve(options.adapterFolder);
  await refuseAdapterAsModel(sourceFolder, options.source?.path ?? options.sourceFolder);
  const tokenizerFolder = await findTokenizer(sourceFolder, adapterFolder);
  const found = await readTokens(sourceFolder, tokenizerFolder);
  const settings = await readSettings(sourceFolder);
  const moreEnds = settings.endIds.filter((id) => id !== found.eos);
  const tokens = moreEnds.length === 0 ? found : { ...found, moreEnds };
  const notes = describeLeftOut(settings);
  notes.forEach((note) => onNote?.(note));
  const target = modelFolder(store, name, dtype);
  const temporary = newTemporaryImport(store);
  await makeFolder(store);
  await makeFolder(temporary);
  await removeLeftovers(store);
  try {
    const converted = join(temporary, 'new');
    await convert({
      sourceFolder,
      targetFolder: converted,
      dtype,
      tokens,
      tokenizerFolder,
      notes,
      ...(settings.rules && { generation: settings.rules }),
      paliVersion: packageVersion(),
      source: { path: sourceFolder, ...(adapterFolder && { adapter: adapterFolder }), ...options.source },
      ...(adapterFolder && { adapterFolder }),
      ...(options.maskDecoderFile && { maskDecoderFile: options.maskDecoderFile }),
      ...(options.waitFor && { waitFor: options.waitFor }),
      ...(options.isSingleFile && { isSingleFile: true }),
      onProgress: ({ part, layer, layers, doneWeights, totalWeights }) =>
        onProgress?.({
          part,
          detail: layer === undefined ? undefined : `layer ${layer + 1} of ${layers}`,
          share: totalWeights > 0 ? doneWeights / totalWeights : 0,
        }),
      ...(signal && { signal }),
    });
    if (options.isUnpacked === true) await refusePack(converted);
    onProgress?.({ part: 'trying it out', share: 1 });
    const note = await tryOut(converted, signal);
    if (note !== undefined) onNote?.(note);
    signal?.throwIfAborted();
    await makeFolder(join(store, name));
    const keeps = options.keeps ?? (async () => false);
    await move(converted, target, join(temporary, 'old'), keeps).catch((error: unknown) =>
      keepConversion(converted, target, error),
    );
  } catch (error) {
    throw describeDiskError(error);
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
  return target;
}

async function readTokenIds(folder: string, tokenizerFolder: string): Promise<TokenIds> {
  // Check config.json first: without it this is not a checkpoint at all, which says more than a missing tokenizer.
  await readConfig(folder);
  return (await loadTokenizer(tokenizerFolder)).tokens;
}

/** @throws {ModelError} it is not there, or no folder. */
async function needFolder(path: string): Promise<void> {
  if (await isFolder(path)) return;
  const isThere = await pathExists(path);
  const isOnHub = /^[\w-]+\/[\w.-]+$/.test(path);
  throw new ModelError(
    'CHECKPOINT_INCOMPLETE',
    isThere ? `${path} is a file, and a checkpoint is a folder.` : `There is no folder ${path}.`,
    {
      hint:
        isOnHub && !isThere
          ? `From the Hugging Face hub: pali pull ${path}`
          : 'Name the folder that holds config.json, tokenizer.json and the safetensors files.',
    },
  );
}

/** An adapter that was trained with new tokens brings its tokenizer. */
async function findTokenizer(sourceFolder: string, adapterFolder: string | undefined): Promise<string> {
  if (adapterFolder === undefined) return sourceFolder;
  const isWhole = await Promise.all(TOKENIZER_FILES.map((name) => isFile(join(adapterFolder, name))));
  return isWhole.every(Boolean) ? adapterFolder : sourceFolder;
}

function describeLeftOut({ leftOut }: GenerationSettings): string[] {
  if (leftOut.length === 0) return [];
  return [
    `generation_config.json asks for ${leftOut.join(', ')}, which pali does not do: its answers are greedy.`,
  ];
}

async function makeFolder(folder: string): Promise<void> {
  try {
    await ensureFolder(folder);
  } catch (cause) {
    throw new InputError('STORE_UNWRITABLE', describeNoFolder(folder, cause), {
      hint: 'Set PALI_HOME to a folder that you may write to.',
      cause,
    });
  }
}

async function removeLeftovers(store: string): Promise<void> {
  for (const entry of await readdir(store)) {
    if (!(await isLeftImport(store, entry))) continue;
    await rm(join(store, entry), { recursive: true, force: true });
  }
}
