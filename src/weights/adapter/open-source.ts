import { applyAdapter } from './apply-adapter.js';
import { checkTensors } from '../checkpoint/check-tensors.js';
import { openArrivingCheckpoint, type WaitForFile } from '../checkpoint/open-arriving-checkpoint.js';
import { type Checkpoint, openCheckpoint } from '../checkpoint/open-checkpoint.js';
import { readAdapter } from './read-adapter.js';
import { type CheckpointConfig, readConfig } from '../checkpoint/read-config.js';
import { listTensors } from '../checkpoint/tensor-table.js';

/** What is converted. */
export interface OpenedSource {
  readonly config: CheckpointConfig;
  readonly checkpoint: Checkpoint;
}

/**
 * The checkpoint, checked against its configuration, with the adapter merged into it.
 * @throws {ModelError} {DamagedFileError} the checkpoint or the adapter is incomplete, unfit or damaged.
 */
export async function openSource({
  sourceFolder,
  adapterFolder,
  waitFor,
}: {
  readonly sourceFolder: string;
  readonly adapterFolder?: string;
  readonly waitFor?: WaitForFile;
}): Promise<OpenedSource> {
  const config = await readConfig(sourceFolder);
  const table = listTensors(config);
  const checkpoint =
    waitFor === undefined
      ? await openCheckpoint(sourceFolder)
      : await openArrivingCheckpoint(sourceFolder, table, waitFor);
  try {
    checkTensors(checkpoint, table);
    if (adapterFolder === undefined) return { config, checkpoint };
    const adapter = await readAdapter(adapterFolder);
    try {
      const adapted = applyAdapter(checkpoint, adapter, config.isHeadTied);
      return { config: { ...config, isHeadTied: adapted.isHeadTied }, checkpoint: adapted.checkpoint };
    } catch (error) {
      await adapter.close();
      throw error;
    }
  } catch (error) {
    await checkpoint.close();
    throw error;
  }
}
