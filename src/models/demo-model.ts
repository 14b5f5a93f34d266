import { join } from 'node:path';
import type { Dtype } from '../base/dtype.js';
import { MANIFEST_VERSION, parseManifest } from '../base/model-manifest.js';
import type { importModel, ImportProgress } from './import-model.js';
import { modelFolder } from './model-store.js';
import { packageFolder, packageVersion } from '../base/package-folder.js';

/** Name of the model that comes with pali and is used until another is chosen. */
export const DEMO_MODEL = 'demo';

/** How to prepare the demo model. */
export interface DemoOptions {
  /** The store's folder. */
  readonly store: string;
  readonly dtype: Dtype;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: ImportProgress) => void) | undefined;
}

/**
 * Convert the demo model's checkpoint, which comes with pali, unless this version of pali has done so before. Two
 * processes may do this at once.
 */
export async function prepareDemoModel(
  { store, dtype, signal, onProgress }: DemoOptions,
  importCheckpoint?: typeof importModel,
): Promise<string> {
  const folder = modelFolder(store, DEMO_MODEL, dtype);
  if (await isCurrent(folder)) return folder;
  // The converter is large and rarely needed.
  const convert = importCheckpoint ?? (await import('./import-model.js')).importModel;
  return convert({
    sourceFolder: join(packageFolder(), 'fixtures', 'demo'),
    name: DEMO_MODEL,
    dtype,
    store,
    source: { path: 'the demo checkpoint that comes with pali' },
    keeps: isCurrent,
    signal,
    onProgress,
  });
}

/** A new pali may come with a new demo checkpoint or a new manifest format. */
async function isCurrent(folder: string): Promise<boolean> {
  return parseManifest(folder).then(
    ({ paliVersion, schemaVersion }) =>
      paliVersion === packageVersion() && schemaVersion === MANIFEST_VERSION,
    () => false,
  );
}
