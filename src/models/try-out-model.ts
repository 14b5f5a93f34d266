import { type ModelManifest, parseManifest } from '../base/model-manifest.js';
import { readPack } from '../base/model-files/pack.js';
import { readAvailableMemory } from '../base/machine/available-memory.js';
import { MEMORY_PER_WEIGHT_BYTE } from '../weights/convert/estimate-size.js';

/** Files that the CPU never loads: from one only single rows are read, the other is for GPUs. */
const NOT_LOADED = /^(embedding|.*\.gpu)\.data$/;

/**
 * Run a newly converted model once on the CPU: proof that it works, and numbers for the other devices; and once more
 * from its packed weights, where it has any. Without enough
 * memory this is left to the model's first run.
 *
 * @param signal leaves off packing its weights.
 * @returns a sentence about that, if so.
 * @throws {EngineError} the model does not run. {DamagedFileError} its mask decoder is invalid.
 */
export async function tryOutModel(
  folder: string,
  signal?: AbortSignal,
  availableBytes = readAvailableMemory(),
): Promise<string | undefined> {
  const lack = describeMemoryLack(await parseManifest(folder), availableBytes);
  if (lack !== undefined) {
    return `the model was not tried out: ${lack}. It will be when it first runs on the CPU.`;
  }
  // Only an import needs the runtime in this process: everything else runs models in a separate process.
  const { recordProbe } = await import('../engine/model/record-probe.js');
  await recordProbe(folder, { isWanted: true, signal });
  signal?.throwIfAborted();
  if (typeof (await readPack(folder)) === 'object') await tryPack(folder);
  return undefined;
}

/** In a process of its own: should it end by this, the next one runs the model without packed weights. */
export async function tryPack(folder: string): Promise<void> {
  const { createEngine } = await import('../engine/client/engine-client.js');
  const engine = createEngine({ modelName: 'new', modelFolder: folder, device: 'cpu', debug: false });
  await engine.load().catch(() => undefined);
  await engine.close();
}

/** A sentence, without its stop, where a model takes more memory on the CPU than is free. */
export function describeMemoryLack(
  manifest: ModelManifest,
  availableBytes = readAvailableMemory(),
): string | undefined {
  const lack = compareMemory(estimateMemory(manifest), availableBytes);
  return lack && `running it ${lack}`;
}

/** What takes more memory than is free: the sentence without its beginning and its stop; undefined where it fits. */
export function compareMemory(neededBytes: number, availableBytes: number): string | undefined {
  if (neededBytes <= availableBytes) return undefined;
  const [needed, available] = [neededBytes, availableBytes].map((bytes) => (bytes / 1e9).toFixed(1));
  return `takes about ${needed} GB of memory, and ${available} GB are free`;
}

/** About how many bytes a model takes when it runs on the CPU. */
function estimateMemory({ files }: ModelManifest): number {
  const loaded = files.filter(({ path }) => path.endsWith('.data') && !NOT_LOADED.test(path));
  return loaded.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0) * MEMORY_PER_WEIGHT_BYTE;
}
