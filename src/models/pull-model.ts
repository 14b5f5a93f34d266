import { basename, join } from 'node:path';
import { isFile } from '../base/files/is-file.js';
import { ensureFolder } from '../base/files/ensure-folder.js';
import { withFileLock } from '../base/files/file-lock.js';
import { MASK_DECODER_FILES } from '../base/mask-decoder-file.js';
import { readManifest } from '../base/model-manifest.js';
import { checkSnapshot } from '../hub/check-snapshot.js';
import { listSmallFiles } from '../hub/list-small-files.js';
import { countMissingBytes, downloadSnapshot } from '../hub/download-snapshot.js';
import { createHubClient, type HubClient } from '../hub/hub-client.js';
import { type HubSettings, readHubSettings } from '../hub/hub-settings.js';
import type { FoundSnapshot } from '../hub/find-snapshot.js';
import { fetchMaskDecoder } from '../hub/mask-decoder.js';
import { checkRepositoryName, checkRevision, type Repository } from '../hub/read-repository.js';
import { readIndex, SINGLE_FILE } from '../weights/checkpoint/checkpoint-index.js';
import { ADAPTER_CONFIG_FILE } from '../weights/adapter/adapter-config.js';
import { estimateConvertedBytes, estimateRunBytes } from '../weights/convert/estimate-size.js';
import { orderShards } from '../weights/checkpoint/order-shards.js';
import { readConfig } from '../weights/checkpoint/read-config.js';
import { listTensors } from '../weights/checkpoint/tensor-table.js';
import { checkFreeSpace } from './check-free-space.js';
import { convertWhileFetching } from './convert-while-fetching.js';
import { describeDiskError } from './describe-disk-error.js';
import { findCheckpoint, listShards } from './find-checkpoint.js';
import { type ImportDependencies, importModel, type ImportOptions } from './import-model.js';
import { checkModelName, modelFolder } from './model-store.js';
import { pullAdapter } from './pull-adapter.js';
import { isAdapterAlone, refuseAdapterAsModel } from './refuse-adapter-as-model.js';
import { DOWNLOADS_FOLDER, type PulledModel, type PullOptions } from './pull-options.js';

/** The steps of a pull; replaced in tests. */
export interface PullDependencies {
  readonly settings?: HubSettings;
  readonly client?: HubClient;
  readonly env?: NodeJS.ProcessEnv;
  readonly partBytes?: number;
  readonly maskDecoder?: Parameters<typeof fetchMaskDecoder>[2];
  readonly importing?: ImportDependencies;
}

/**
 * Fetch a checkpoint from the hub (or find it in the cache) and convert it into the store. Two processes may pull
 * the same model: the second waits and finds it done. A killed pull resumes where it stopped.
 *
 * @throws {UsageError} a wrong name or revision. {ModelError} no such checkpoint, or gated. {NetworkError}
 * {DamagedFileError} the download failed. {InputError} the disk is full. {EngineError} the model does not run.
 */
export async function pullModel(options: PullOptions, parts: PullDependencies = {}): Promise<PulledModel> {
  const repository = checkRepositoryName(options.repository);
  const name = checkModelName(options.name ?? basename(repository));
  if (options.revision !== undefined) checkRevision(options.revision);
  try {
    return await pullChecked({ ...options, name, repository }, parts);
  } catch (error) {
    throw describeDiskError(error);
  }
}

async function pullChecked(
  options: PullOptions & { readonly name: string },
  parts: PullDependencies,
): Promise<PulledModel> {
  const { name, store, dtype, signal, onEvent } = options;
  const settings = parts.settings ?? (await readHubSettings(parts.env));
  const client = parts.client ?? (await createHubClient(settings));
  await ensureFolder(store);
  const lock = join(store, `.pulling-${name}-${dtype}.lock`);
  const pull = async (): Promise<PulledModel> => new Pull(options, settings, client, parts).run();
  return withFileLock(lock, pull, { signal, onWait: () => onEvent?.({ type: 'waiting', for: name }) });
}

/** One pull in progress. */
class Pull {
  constructor(
    private readonly options: PullOptions & { readonly name: string },
    private readonly settings: HubSettings,
    private readonly client: HubClient,
    private readonly parts: PullDependencies,
  ) {}

  async run(): Promise<PulledModel> {
    const { name, dtype, store, repository } = this.options;
    const target = modelFolder(store, name, dtype);
    const found = await findCheckpoint(this.options, this.client, this.settings);
    const isRepository = 'files' in found;
    await this.#refuseAdapter(found);
    const adapter = await pullAdapter(this.options.adapter, this.#adapterTools());
    const source = {
      path: repository,
      revision: `${found.revision} (${found.commit})`,
      ...(isRepository && found.licence !== undefined && { licence: found.licence }),
      ...(adapter && { adapter: adapter.source }),
    };
    // A model whose files have been damaged since is converted again.
    const old = await readManifest(target).catch(() => undefined);
    const isCurrent =
      old?.source.path === source.path &&
      old.source.revision?.includes(found.commit) === true &&
      old.source.adapter === source.adapter &&
      (old.graphs.mask !== undefined || this.options.isWithoutMasks === true);
    if (isCurrent) return { name, folder: target, imageSize: old.spec.vision.imageSize, isOld: true };

    const { folder, weights } = isRepository ? await this.#begin(found) : await listShards(found.folder);
    const config = await readConfig(folder);
    const importing: ImportOptions = {
      sourceFolder: folder,
      name,
      dtype,
      store,
      source,
      isSingleFile: weights[0] === SINGLE_FILE,
      adapterFolder: adapter?.folder,
      maskDecoderFile: await this.#maskDecoder(folder),
      isUnpacked: this.options.isUnpacked,
      signal: this.options.signal,
      onProgress: (progress) => this.options.onEvent?.({ type: 'import', progress }),
      onNote: (sentence) => this.options.onEvent?.({ type: 'note', sentence }),
    };
    const { cacheFolder } = this.settings;
    await convertWhileFetching(
      async (more) => {
        const options = { ...this.#downloadOptions(), ...more, filesAtOnce: 1 };
        if (isRepository) await downloadSnapshot(this.client, found, cacheFolder, weights, options);
        else await checkSnapshot(folder, weights, options);
      },
      (more) => importModel({ ...importing, ...more }, this.parts.importing),
      importing,
    );
    return { name, folder: target, imageSize: config.vision.imageSize, isOld: false };
  }

  /** @throws {ModelError} what was asked for is an adapter and no model. */
  async #refuseAdapter(found: Repository | FoundSnapshot): Promise<void> {
    const { repository } = this.options;
    if (!('files' in found)) return refuseAdapterAsModel(found.folder, repository);
    if (!isAdapterAlone((name) => found.files.has(name))) return;
    const { cacheFolder } = this.settings;
    const options = this.#downloadOptions();
    const folder = await downloadSnapshot(this.client, found, cacheFolder, [ADAPTER_CONFIG_FILE], options);
    await refuseAdapterAsModel(folder, repository);
  }

  /** The small files tell how much room the rest and the converted model take. */
  async #begin(repository: Repository): Promise<{ folder: string; weights: string[] }> {
    const { cacheFolder } = this.settings;
    const { dtype, store } = this.options;
    const small = listSmallFiles(repository);
    const options = this.#downloadOptions();
    const folder = await downloadSnapshot(this.client, repository, cacheFolder, small, options);
    const config = await readConfig(folder);
    await this.#maskDecoder(folder);
    // Beside a single file an index is a leftover, also one that another tool brought into the cache.
    const index = repository.files.has(SINGLE_FILE) ? undefined : await readIndex(folder);
    const weights = orderShards(index, listTensors(config));
    const downloadBytes = await countMissingBytes(repository, cacheFolder, weights);
    const convertedBytes = estimateConvertedBytes(config, dtype);
    const memoryBytes = estimateRunBytes(config, dtype);
    const freeBytes = await checkFreeSpace([
      { folder: cacheFolder, bytes: downloadBytes },
      { folder: store, bytes: convertedBytes },
    ]);
    const { name, revision, licence } = repository;
    this.options.onEvent?.({
      type: 'plan',
      plan: { repository: name, revision, licence, downloadBytes, convertedBytes, memoryBytes, freeBytes },
    });
    return { folder, weights };
  }

  /** Undefined when the checkpoint has its own, or masks are not wanted. */
  async #maskDecoder(checkpoint: string): Promise<string | undefined> {
    if (this.options.isWithoutMasks) return undefined;
    for (const file of MASK_DECODER_FILES) if (await isFile(join(checkpoint, file))) return undefined;
    const options = {
      ...this.#downloadOptions(),
      folder: join(this.options.store, DOWNLOADS_FOLDER),
      url: this.options.maskDecoderUrl,
      isOffline: this.settings.isOffline,
    };
    return fetchMaskDecoder(this.client, options, this.parts.maskDecoder);
  }

  #downloadOptions(): Parameters<typeof downloadSnapshot>[4] {
    return {
      signal: this.options.signal,
      partBytes: this.parts.partBytes,
      onProgress: (progress) => this.options.onEvent?.({ type: 'download', progress }),
    };
  }

  #adapterTools(): Parameters<typeof pullAdapter>[1] {
    const { client, settings } = this;
    return { client, settings, download: this.#downloadOptions() };
  }
}
