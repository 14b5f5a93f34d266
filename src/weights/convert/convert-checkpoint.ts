import { mkdir, rm } from 'node:fs/promises';
import type { ModelManifest } from '../../base/model-manifest.js';
import { type OpenedSource, openSource } from '../adapter/open-source.js';
import { Conversion } from './conversion.js';
import type { ConvertOptions } from './convert-options.js';

/**
 * Convert a checkpoint to a folder that the engine loads: weight files, ONNX graphs, tokenizer, manifest. Streams:
 * memory holds a slice of a tensor, and one transposed matrix where the format needs it. The manifest is written
 * last, so a folder without one is not a model.
 *
 * @param open gives the weights; by default those of `sourceFolder` with the adapter merged.
 * @throws {ModelError} {DamagedFileError} the checkpoint or the adapter is incomplete, unfit or damaged; nothing
 * is left.
 */
export async function convertCheckpoint(
  options: ConvertOptions,
  open: (options: ConvertOptions) => Promise<OpenedSource> = openSource,
): Promise<ModelManifest> {
  const { config, checkpoint } = await open(options);
  try {
    await mkdir(options.targetFolder);
    try {
      return await new Conversion(options, config, checkpoint).run();
    } catch (error) {
      await rm(options.targetFolder, { recursive: true, force: true });
      throw error;
    }
  } finally {
    await checkpoint.close();
  }
}
