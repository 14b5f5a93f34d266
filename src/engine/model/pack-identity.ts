import { describeProcessor } from '../../base/machine/describe-processor.js';
import type { Dtype } from '../../base/dtype.js';
import { digestModel } from '../../base/model-digest.js';
import type { Pack } from '../../base/model-files/pack.js';
import type { ManifestFile, ModelManifest } from '../../base/model-manifest.js';
import { listWeightFiles } from './needed-files.js';

/** What packed weights are for, and made from. */
export type PackIdentity = Pick<Pack, 'runtime' | 'processor' | 'source'>;

/** Whether packed weights are those that this program would write here, and if not, what is another. */
export type PackFit = 'current' | 'other processor' | 'other runtime' | 'other weights';

/**
 * With 4 bits, loading takes less than half the time. With 8 (MatMulIntegerToFloat) and with 32 it takes as long as
 * before; fp16 is kept as 32 bits, four times its size.
 */
export const packedDtypes: readonly Dtype[] = ['int4', 'int8-int4'];
/** Where it was tried: a kernel that does not get the address that it wants ends the process. */
export const canPackHere = process.platform === 'linux' && process.arch === 'x64';
/** Of a decoder, bytes. Below this a load is short anyway. */
const MIN_PACKED_BYTES = 64e6;

/** The files that are packed: the decoder's graph for the CPU and its weights. */
function listPackSources(manifest: ModelManifest): ManifestFile[] {
  const graphs = manifest.files.filter(({ path }) => path === manifest.graphs.decoder['cpu']);
  return [...graphs, ...listWeightFiles(manifest, 'decoder', 'cpu')];
}

/** What listPackSources take on the disk, bytes. */
export function sumSourceBytes(manifest: ModelManifest): number {
  return listPackSources(manifest).reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
}

/** Whether packed weights pay for a model, here. */
export function canHavePack(manifest: ModelManifest, minBytes = MIN_PACKED_BYTES): boolean {
  return canPackHere && packedDtypes.includes(manifest.dtype) && sumSourceBytes(manifest) >= minBytes;
}

/** @param runtime version of onnxruntime. */
export function identifyPack(manifest: ModelManifest, runtime: string): PackIdentity {
  const source = digestModel({ files: listPackSources(manifest) });
  return { runtime, processor: describeProcessor(), source };
}

/** Another processor comes first: several computers may share a folder, and the pack is that one's. */
export function comparePack(pack: PackIdentity, { processor, runtime, source }: PackIdentity): PackFit {
  if (pack.processor !== processor) return 'other processor';
  if (pack.runtime !== runtime) return 'other runtime';
  return pack.source === source ? 'current' : 'other weights';
}
