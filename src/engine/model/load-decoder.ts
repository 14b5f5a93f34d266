import { join } from 'node:path';
import type { Device } from '../../base/dtype.js';
import type { ModelManifest } from '../../base/model-manifest.js';
import { imageTokenCount, type ModelSpec } from '../../base/model-spec.js';
import type { Decoder } from './decoder.js';
import { GpuDecoder } from './gpu-decoder.js';
import { Head } from './head.js';
import { HostDecoder } from './host-decoder.js';
import { LatePackingSession } from './late-packing.js';
import type { LoadClock } from './load-clock.js';
import { createSession, type InferenceSession } from './onnx-session.js';
import { openCpuDecoder, type OpenedDecoder, type PackingOptions } from './packed-weights.js';

/** The decoder of a model, and where it runs. */
export interface DecoderPlace {
  readonly modelFolder: string;
  /** Of its graph, as the manifest names it. */
  readonly form: string;
  readonly device: Device;
  readonly threads?: number;
  readonly packing?: PackingOptions;
}

/** A decoder; `isOnTrial`: its packed weights have not run yet. */
export interface LoadedDecoder {
  readonly decoder: Decoder;
  readonly isOnTrial?: boolean;
}

/**
 * Load the decoder with all that belongs to it: on the CPU the one for prompts alone, where there is one, and the head.
 * @throws {EngineError} the device is not there, or the graph is not for it.
 */
export async function loadDecoder(
  { modelFolder, form, device, threads, packing = {} }: DecoderPlace,
  manifest: ModelManifest,
  clock: LoadClock,
): Promise<LoadedDecoder> {
  const spec = manifest.spec as ModelSpec;
  const path = join(modelFolder, manifest.graphs.decoder[form]);
  if (form.startsWith('webgpu')) {
    const gpuOutputs = Array.from({ length: spec.text.layers }, (_, layer) => [
      `present.${layer}.k`,
      `present.${layer}.v`,
    ]).flat();
    const session = await clock.time('decoder', createSession(path, { device, gpuOutputs }));
    return { decoder: new GpuDecoder(session, spec.text, imageTokenCount(spec.vision)) };
  }
  const sessionOptions = { device, ...(threads === undefined ? {} : { threads }) };
  const open = (part: string, graph: string): Promise<InferenceSession> =>
    clock.time(part, createSession(join(modelFolder, graph), sessionOptions));
  const { decoder: decoders, head: heads } = manifest.graphs;
  const isOnCpu = form === 'cpu';
  const opened = isOnCpu
    ? await clock.time(nameDecoder, openCpuDecoder(modelFolder, manifest, sessionOptions, packing))
    : undefined;
  const session = opened?.session ?? (await open('decoder', decoders[form]));
  const prefillGraph = isOnCpu ? decoders['cpu-prefill'] : undefined;
  const prefill = prefillGraph
    ? await clock.time(
        'prompts',
        LatePackingSession.open(join(modelFolder, prefillGraph), sessionOptions, prefillBytes(manifest)),
      )
    : undefined;
  const locSeg = isOnCpu && heads?.['cpu-loc-seg'] ? await open('head', heads['cpu-loc-seg']) : undefined;
  const head =
    isOnCpu && heads ? new Head(await open('head', heads.cpu), locSeg, spec.text.hiddenSize) : undefined;
  const isHalf = form === 'cuda' && manifest.dtype !== 'fp32';
  const decoder = new HostDecoder(session, spec.text, { hasPrefillBranch: isOnCpu, isHalf, prefill, head });
  return { decoder, isOnTrial: opened?.packing === 'on trial' };
}

function prefillBytes({ files }: ModelManifest): number {
  return files.find(({ path }) => path === 'decoder.prefill.data')?.sizeBytes ?? 0;
}

function nameDecoder({ packing }: OpenedDecoder): string {
  if (packing === 'none') return 'decoder';
  return packing === 'written' ? 'decoder and packing it' : 'decoder with packed weights';
}
