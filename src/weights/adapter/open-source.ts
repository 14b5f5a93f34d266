import { applyAdapter } from './apply-adapter.js';
import { checkTensors } from '../checkpoint/check-tensors.js';
import { openArrivingCheckpoint, type WaitForFile } from '../checkpoint/open-arriving-checkpoint.js';
import { type Checkpoint, openCheckpoint } from '../checkpoint/open-checkpoint.js';
import { readAdapter } from './read-adapter.js';
import { type CheckpointConfig, readConfig } from '../checkpoint/read-config.js';
import { settleHead } from '../checkpoint/settle-head.js';
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
  isSingleFile,
}: {
  readonly sourceFolder: string;
  readonly adapterFolder?: string;
  readonly waitFor?: WaitForFile;
  readonly isSingleFile?: boolean;
}): Promise<OpenedSource> {
  const config = await readConfig(sourceFolder);
  const arrived =
    waitFor === undefined
      ? await openCheckpoint(sourceFolder)
      : await openArrivingCheckpoint(sourceFolder, listTensors(config), waitFor, isSingleFile);
  try {
    const { checkpoint, isHeadTied } = await settleHead(arrived, config.isHeadTied);
    const settled = { ...config, isHeadTied };
    checkTensors(checkpoint, listTensors(settled));
    if (adapterFolder === undefined) return { config: settled, checkpoint };
    const adapter = await readAdapter(adapterFolder);
    try {
      const { checkpoint: adapted, ...head } = applyAdapter(checkpoint, adapter, isHeadTied);
      const text = { ...config.text, vocabSize: head.vocabSize };
      return { config: { ...config, text, isHeadTied: head.isHeadTied }, checkpoint: adapted };
    } catch (error) {
      await adapter.close();
      throw error;
    }
  } catch (error) {
    await arrived.close();
    throw error;
  }
}
