import { resolve } from 'node:path';
import { isFolder } from '../base/files/is-folder.js';
import { ModelError } from '../base/errors.js';
import { stripControl } from '../base/strip-control.js';
import type { DownloadOptions } from '../hub/download-file.js';
import { downloadSnapshot } from '../hub/download-snapshot.js';
import { findSnapshot } from '../hub/find-snapshot.js';
import type { HubClient } from '../hub/hub-client.js';
import type { HubSettings } from '../hub/hub-settings.js';
import { checkRepositoryName, readRepository } from '../hub/read-repository.js';
import { ADAPTER_CONFIG_FILE } from '../weights/adapter/adapter-config.js';
import { ADAPTER_WEIGHTS_FILE } from '../weights/adapter/read-adapter.js';

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
  const files = [ADAPTER_CONFIG_FILE, ADAPTER_WEIGHTS_FILE];
  const folder = await downloadSnapshot(client, repository, settings.cacheFolder, files, download);
  return { folder, source: `${name} (${repository.commit})` };
}
