import { inspectPack, type Pack } from '../base/model-files/pack.js';
import type { ModelManifest } from '../base/model-manifest.js';
import { onnxruntimeVersion } from '../base/package-folder.js';
import { canHavePack, comparePack, identifyPack, type PackFit } from '../engine/model/pack-identity.js';

/** Packed weights, and whether they are those that this program would write here. */
export interface FoundPack {
  readonly pack: Pack;
  readonly fit: PackFit;
}

/** What became of a model's packed weights. `unfit`: such a model never has any; `missing`: it could. */
export type PackFinding = FoundPack | 'unfit' | 'missing' | 'refused' | 'damaged' | 'unreadable';

/** What is known of the packed weights of a model without reading them. */
export async function examinePack(folder: string, manifest: ModelManifest): Promise<PackFinding> {
  const pack = await inspectPack(folder);
  if (pack === 'missing') return canHavePack(manifest) ? 'missing' : 'unfit';
  if (typeof pack !== 'object') return pack;
  return { pack, fit: comparePack(pack, identifyPack(manifest, onnxruntimeVersion() ?? '')) };
}
