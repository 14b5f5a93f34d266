import { ensureHome } from '../base/ensure-home.js';
import type { Model } from './model.js';
import type { OpenModelOptions } from './open-model-options.js';

/**
 * Load a model, or connect to a server of this user that has it. The demo model is converted when it is first opened.
 * Close it when it is no longer needed.
 *
 * @throws {ModelError} there is no such model, or not in this form. {DamagedFileError} its files are damaged.
 * @throws {EngineError} no device could run it. {UsageError} an option cannot be. {CancelledError}
 */
export async function openModel(options: OpenModelOptions = {}): Promise<Model> {
  ensureHome();
  // Some packages look for a home folder as soon as they are loaded.
  const { loadModel } = await import('./load-model.js');
  return loadModel(options);
}
