import { join } from 'node:path';
import { checkChangedFiles } from '../../base/model-files/check-files.js';
import { type Pack, PACK_FOLDER, readPack } from '../../base/model-files/pack.js';
import { removeLeftPacks } from '../../base/model-files/temporary-pack.js';
import type { ModelManifest } from '../../base/model-manifest.js';
import {
  canHavePack,
  comparePack,
  identifyPack,
  type PackIdentity,
  sumSourceBytes,
} from './pack-identity.js';
import { beginTrial, removePack } from './pack-trial.js';
import { createSession, type InferenceSession, runtimeVersion } from './onnx-session.js';
import { writePack } from './write-pack.js';

/** When weights are packed ahead. */
export interface PackingOptions {
  /** Also where the model has no packed weights yet, not only where those it has are out of date. */
  readonly isWanted?: boolean;
  /** Smallest decoder that it is done for, bytes; 64 MB when absent. */
  readonly minBytes?: number;
  /** Called with a sentence when they could not be written. */
  readonly onUnwritten?: (reason: string) => void;
  /** Leave off writing them; what was written is removed, and the load fails with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/** A decoder, and what became of its packed weights. */
export interface OpenedDecoder {
  readonly session: InferenceSession;
  /** `on trial`: mapped for the first time, and to be told by passTrial or removePack whether they run. */
  readonly packing: 'mapped' | 'on trial' | 'written' | 'none';
}

/**
 * The decoder for the CPU: from its packed weights, where they are intact and of this processor, this runtime and these
 * weights; else from the weights themselves, which are packed for the next time where that pays. Packed weights of
 * another processor are left alone, as several computers may share the folder. They are never a reason to fail.
 *
 * @throws {EngineError} the model's own graph cannot be loaded.
 */
export async function openCpuDecoder(
  modelFolder: string,
  manifest: ModelManifest,
  sessionOptions: { readonly threads?: number },
  { isWanted = false, minBytes, onUnwritten, signal }: PackingOptions,
): Promise<OpenedDecoder> {
  const options = { ...sessionOptions, device: 'cpu' } as const;
  const graph = manifest.graphs.decoder['cpu'];
  const identity = identifyPack(manifest, runtimeVersion);
  const found = await findPack(modelFolder, identity);
  if (typeof found === 'object') {
    const trial = await beginTrial(modelFolder);
    if (trial === 'failed') await removePack(modelFolder);
    const isUsed = trial === 'passed' || trial === 'begun';
    const session = isUsed ? await openPack(modelFolder, found, options) : undefined;
    if (session !== undefined) return { session, packing: trial === 'begun' ? 'on trial' : 'mapped' };
  }
  // A process that was killed at this work may have been killed by it: it is not tried again.
  const wasKilled = await removeLeftPacks(modelFolder);
  const isDue = found === 'out of date' ? await removePack(modelFolder) : found === 'missing' && isWanted;
  const bytes = sumSourceBytes(manifest);
  const pays = canHavePack(manifest, minBytes);
  const session =
    isDue && pays && !wasKilled
      ? await writePack({ modelFolder, graph, bytes, onUnwritten, signal, ...identity }, options)
      : undefined;
  if (session !== undefined) return { session, packing: 'written' };
  return { session: await createSession(join(modelFolder, graph), options), packing: 'none' };
}

async function findPack(
  modelFolder: string,
  identity: PackIdentity,
): Promise<Pack | 'missing' | 'unfit' | 'out of date'> {
  const pack = await readPack(modelFolder);
  if (pack === 'missing') return pack;
  if (pack === 'refused') return 'unfit';
  if (pack === 'damaged') return 'out of date';
  const fit = comparePack(pack, identity);
  if (fit !== 'current') return fit === 'other processor' ? 'unfit' : 'out of date';
  const isIntact = await checkChangedFiles(join(modelFolder, PACK_FOLDER), pack.files).then(
    () => true,
    () => false,
  );
  return isIntact ? pack : 'out of date';
}

/** One that the runtime refuses is removed, and not made anew. */
async function openPack(
  modelFolder: string,
  { graph }: Pack,
  options: { readonly threads?: number; readonly device: 'cpu' },
): Promise<InferenceSession | undefined> {
  try {
    return await createSession(join(modelFolder, PACK_FOLDER, graph), { ...options, isPacked: true });
  } catch {
    await removePack(modelFolder);
    return undefined;
  }
}
