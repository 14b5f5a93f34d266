import { join } from 'node:path';
import { pathExists } from '../base/files/path-exists.js';
import type { Dtype } from '../base/dtype.js';
import { EngineError } from '../base/errors.js';
import { type Pack, PACK_FOLDER, readPack, verifyPack } from '../base/model-files/pack.js';
import { removeLeftPacks } from '../base/model-files/temporary-pack.js';
import { type ModelManifest, parseManifest } from '../base/model-manifest.js';
import { canPackHere, packedDtypes } from '../engine/model/pack-identity.js';
import { hasPassedTrial, removePack } from '../engine/model/pack-trial.js';
import { examinePack } from './examine-pack.js';
import { isModelName, listDtypes } from './model-store.js';
import { describeMemoryLack, tryPack } from './try-out-model.js';

/** A model's packed weights, and whether they were written now. */
export interface PackedModel {
  readonly pack: Pack;
  readonly isNew: boolean;
}

/**
 * Write the packed weights of a converted model, unless those that it has are whole and of this computer, and try them
 * out. Small models have them as well here, and models that were to have none.
 * @param folder of the converted model.
 * @param onWrite called before they are written.
 * @param signal leaves off; what was written is removed.
 * @throws {EngineError} they cannot be written or used here, in a sentence; the model runs without them.
 * {DamagedFileError} the model itself is not whole.
 */
export async function packModel(
  folder: string,
  onWrite?: () => void,
  signal?: AbortSignal,
): Promise<PackedModel> {
  const manifest = await parseManifest(folder);
  const known = await findWhole(folder, manifest);
  if (known !== undefined) return { pack: known, isNew: false };
  signal?.throwIfAborted();
  refuseUnfit(manifest);
  onWrite?.();
  const isInTheWay = !(await removePack(folder)) && (await pathExists(join(folder, PACK_FOLDER)));
  if (isInTheWay) throw unwritten(`${join(folder, PACK_FOLDER)} cannot be replaced.`);
  await removeLeftPacks(folder);
  let reason = 'Another process writes them at the same time.';
  const { loadModel } = await import('../engine/model/load-model.js');
  const { model } = await loadModel({
    modelFolder: folder,
    device: 'cpu',
    packing: { isWanted: true, minBytes: 0, onUnwritten: (sentence) => (reason = sentence), signal },
  });
  await model.close();
  if (typeof (await readPack(folder)) !== 'object') throw unwritten(reason);
  signal?.throwIfAborted();
  await tryPack(folder);
  const pack = await readPack(folder);
  if (typeof pack === 'object') return { pack, isNew: true };
  throw unwritten('The processor does not run them, or gives other numbers with them: they were removed.');
}

/** Of the forms in which a model of the store is there, one that can have packed weights. */
export async function choosePackedDtype(store: string, name: string): Promise<Dtype | undefined> {
  const there = isModelName(name) ? await listDtypes(store, name) : [];
  return there.findLast((dtype) => packedDtypes.includes(dtype));
}

/** Those that are there, if they are for this computer, have run, and every byte of them is right. */
async function findWhole(folder: string, manifest: ModelManifest): Promise<Pack | undefined> {
  const found = await examinePack(folder, manifest);
  if (typeof found !== 'object' || found.fit !== 'current' || !(await hasPassedTrial(folder)))
    return undefined;
  const { pack } = found;
  return verifyPack(folder, pack).then(
    () => pack,
    () => undefined,
  );
}

function refuseUnfit(manifest: ModelManifest): void {
  const { dtype } = manifest;
  if (!canPackHere) throw unwritten('They are only for Linux on x86-64, where they were tried.');
  if (!packedDtypes.includes(dtype)) {
    throw unwritten(`They make ${packedDtypes.join(' and ')} load sooner, and would not do so for ${dtype}.`);
  }
  const lack = describeMemoryLack(manifest);
  if (lack !== undefined) throw unwritten(`The model has to be loaded for it: ${lack}.`);
}

function unwritten(reason: string): EngineError {
  return new EngineError('PACK_UNWRITTEN', `There are no packed weights. ${reason}`, {
    hint: 'The model runs without them.',
  });
}
