import { resolve } from 'node:path';
import { isFolder } from '../base/files/is-folder.js';
import { ModelError } from '../base/errors.js';
import { stripControl } from '../base/strip-control.js';
import type { DownloadOptions } from '../hub/download-file.js';
import { downloadSnapshot } from '../hub/download-snapshot.js';
import { findSnapshot } from '../hub/find-snapshot.js';
import type { HubClient } from '../hub/hub-client.js';
import type { HubSettings } from '../hub/hub-settings.js';
import { checkRepositoryName, readRepository, type Repository } from '../hub/read-repository.js';
import { ADAPTER_CONFIG_FILE } from '../weights/adapter/adapter-config.js';
import { ADAPTER_WEIGHTS_FILE } from '../weights/adapter/read-adapter.js';
import { INDEX_FILE, SINGLE_FILE } from '../weights/checkpoint/checkpoint-index.js';
import { TOKENIZER_FILES } from '../weights/convert/convert-options.js';

/** An adapter on this computer. */
export interface PulledAdapter {
  readonly folder: string;
  /** For the manifest: the folder, or the repository with its commit. */
  readonly source: string;
}

/**
 * Find a LoRA adapter: a folder is taken as it is, else it is the name of a repository on the hub.
 * @throws {ModelError} there is no such adapter. {UsageError} neither a folder nor a name. {NetworkError}
 */
export async function pullAdapter(
  adapter: string | undefined,
  tools: {
    readonly client: HubClient;
    readonly settings: HubSettings;
    readonly download?: DownloadOptions | undefined;
  },
): Promise<PulledAdapter | undefined> {
  if (adapter === undefined) return undefined;
  if (await isFolder(adapter)) return { folder: resolve(adapter), source: resolve(adapter) };
  if (/^[./~\\]|^[A-Za-z]:/.test(adapter)) {
    throw new ModelError('ADAPTER_MISSING', `There is no folder ${stripControl(adapter)}.`, {
      hint: 'An adapter is a folder with adapter_config.json, or a repository on the hub, written owner/name.',
    });
  }
  const name = checkRepositoryName(adapter);
  const { client, settings, download } = tools;
  if (settings.isOffline) {
    const found = await findSnapshot(settings.cacheFolder, name, ['main'], ADAPTER_WEIGHTS_FILE);
    if (found) return { folder: found.folder, source: `${name} (${found.commit})` };
    throw new ModelError('OFFLINE', `HF_HUB_OFFLINE is set, and the cache does not hold ${name}.`);
  }
  const repository = await readRepository(client, name, 'main', download?.signal);
  checkIsAdapter(name, repository.files);
  // One that was trained with new tokens brings its tokenizer.
  const tokenizer = TOKENIZER_FILES.every((file) => repository.files.has(file)) ? TOKENIZER_FILES : [];
  const files = [ADAPTER_CONFIG_FILE, ADAPTER_WEIGHTS_FILE, ...tokenizer];
  const folder = await downloadSnapshot(client, repository, settings.cacheFolder, files, download);
  return { folder, source: `${name} (${repository.commit})` };
}

/** @throws {ModelError} a repository holds something else. */
function checkIsAdapter(name: string, files: Repository['files']): void {
  if (files.has(ADAPTER_CONFIG_FILE) && files.has(ADAPTER_WEIGHTS_FILE)) return;
  const isModel = files.has(SINGLE_FILE) || files.has(INDEX_FILE);
  const hint = isModel
    ? `It is a model of its own: pali pull ${name}`
    : 'An adapter_model.bin must be saved again by PEFT with safe_serialization=True.';
  const absent = [ADAPTER_CONFIG_FILE, ADAPTER_WEIGHTS_FILE].find((file) => !files.has(file));
  throw new ModelError('ADAPTER_MISSING', `${name} is not an adapter: it has no ${absent}.`, { hint });
}
