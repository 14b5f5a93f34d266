import { randomBytes } from 'node:crypto';
import { packageVersion } from '../base/package-folder.js';
import { parseManifest } from '../base/model-manifest.js';
import { digestModel } from '../base/model-digest.js';
import type { DeviceName, Dtype } from '../base/dtype.js';
import type { Engine } from '../engine/engine.js';
import { prepareRuntimeFolder, removeRuntimeFile, writeRuntimeFile } from '../engine/remote/runtime-file.js';
import { DEMO_MODEL } from '../models/demo-model.js';
import { listDtypes } from '../models/model-store.js';
import { resolveModel, unknownModel } from '../models/resolve-model.js';
import { Admission } from './admission.js';
import { createApp } from './create-app.js';
import { listen, type Listener } from './listen.js';
import { Metrics } from './metrics.js';
import { ModelPool, type ModelQuery } from './model-pool.js';
import type { FoundModel } from './model-slot.js';
import type { LabelStudio, LogEntry, ServeContext } from './serve-context.js';
import { runtimeFolderFailed } from '../models/servers/runtime-folder.js';
import { chooseSocketPath } from './socket-path.js';

/** How a server runs. */
export interface ServeOptions {
  /** Address to listen on; undefined for the Unix socket alone. */
  readonly host: string | undefined;
  /** 0 for any free port. */
  readonly port: number;
  /** A socket other than the usual one. */
  readonly socketPath?: string | undefined;
  readonly defaultModel: string;
  /** Of the default model. */
  readonly dtype?: Dtype | undefined;
  readonly device: DeviceName;
  readonly store: string;
  /** Where servers leave information about themselves. */
  readonly runtimeFolder: string;
  /** How long models stay after their last use, milliseconds; 0 removes them at once, -1 keeps them. */
  readonly keepAliveMs: number;
  readonly maxQueue: number;
  readonly maxModels: number;
  readonly apiKey?: string | undefined;
  readonly origins: readonly string[];
  readonly allowsPrivateUrls: boolean;
  readonly labelStudio?: LabelStudio | undefined;
  readonly openEngine: (model: FoundModel, device: DeviceName) => Engine;
  readonly log: (entry: LogEntry) => void;
  /** How long a silent client is waited for, milliseconds; a minute when absent. */
  readonly clientSilenceMs?: number | undefined;
  /** How models are found, if not in the store. */
  readonly findModel?: ((query: ModelQuery) => Promise<FoundModel>) | undefined;
  /** Called when the last model has left memory. */
  readonly onEmpty?: () => void;
}

/** A server that is listening. */
export interface RunningServer {
  /** Undefined when it only answers this user's commands. */
  readonly url: string | undefined;
  readonly socketPath: string | undefined;
  readonly models: ModelPool;
  /** Accept nothing new, finish what is in progress (for at most `graceMs`), remove the files left on disk. */
  close(graceMs: number): Promise<void>;
}

/** How long requests in progress have to finish when the server stops, milliseconds. */
export const STOP_GRACE_MS = 10_000;

/** How many characters of an unknown name an error repeats. */
const MAX_SHOWN_NAME = 100;

const LOCAL_HOSTS = ['127.0.0.1', '::1', 'localhost'];

/** Whether a host can only be reached by programs on this machine. */
export function isLoopback(host: string): boolean {
  return LOCAL_HOSTS.includes(host) || /^127\.\d+\.\d+\.\d+$/.test(host);
}

/**
 * Listen on a port and on a Unix socket (where they exist), and write the addresses into the runtime folder.
 * @throws {UsageError} the port is taken, the socket's path is not allowed, or the folder cannot be written to.
 */
export async function startServer(options: ServeOptions): Promise<RunningServer> {
  const { host, port, runtimeFolder, apiKey, store, device, defaultModel, clientSilenceMs } = options;
  await prepareRuntimeFolder(runtimeFolder).catch((cause: unknown) => {
    throw runtimeFolderFailed(runtimeFolder, cause);
  });
  const secret = randomBytes(32).toString('hex');
  const models = new ModelPool({
    find: options.findModel ?? ((query) => findModel(query, options)),
    open: options.openEngine,
    device,
    maxModels: options.maxModels,
    keepAliveMs: options.keepAliveMs,
    ...(options.onEmpty && { onEmpty: options.onEmpty }),
  });
  const context: ServeContext = {
    version: packageVersion(),
    models,
    admission: new Admission(options.maxQueue),
    metrics: new Metrics(),
    defaultModel,
    store,
    startedAt: new Date(),
    apiKey,
    secret,
    origins: options.origins,
    isPublic: host !== undefined && !isLoopback(host),
    allowsPrivateUrls: options.allowsPrivateUrls,
    labelStudio: options.labelStudio,
    log: options.log,
  };
  // Before anyone can send a request: a wrong name ends the server before anyone has seen it.
  await models.find({});
  const app = createApp(context);
  const socketPath = await chooseSocketPath(options.socketPath, runtimeFolder);
  const listeners: Listener[] = [];
  try {
    const local = host ?? (socketPath === undefined ? '127.0.0.1' : undefined);
    if (local !== undefined) listeners.push(await listen(app, { host: local, port }, clientSilenceMs));
    const url = listeners.at(0)?.url;
    if (socketPath !== undefined) listeners.push(await listen(app, { socketPath }, clientSilenceMs));
    await writeRuntimeFile(runtimeFolder, {
      pid: process.pid,
      version: context.version,
      ...(socketPath !== undefined && { socketPath }),
      ...(url !== undefined && { url }),
      secret,
      startedAt: context.startedAt.toISOString(),
    }).catch((cause: unknown) => {
      throw runtimeFolderFailed(runtimeFolder, cause);
    });
    return {
      url: host === undefined ? undefined : url,
      socketPath,
      models,
      close: async (graceMs) => {
        await removeRuntimeFile(runtimeFolder, process.pid);
        const closed = listeners.map((listener) => listener.stopAccepting());
        await withinTime(context.admission.close(), graceMs);
        await models.close();
        await Promise.all(listeners.map((listener) => listener.close()));
        await Promise.all(closed);
      },
    };
  } catch (error) {
    await Promise.all(listeners.map((listener) => listener.close()));
    throw error;
  }
}

async function findModel(
  { name, dtype, device }: ModelQuery,
  defaults: Pick<ServeOptions, 'store' | 'device' | 'defaultModel' | 'dtype'>,
): Promise<FoundModel> {
  const model = await resolveModel({
    store: defaults.store,
    model: await checkName(name ?? defaults.defaultModel, defaults),
    dtype: dtype ?? (name === undefined || name === defaults.defaultModel ? defaults.dtype : undefined),
    device: device ?? defaults.device,
  });
  const manifest = await parseManifest(model.folder);
  const sizeBytes = manifest.files.reduce((sum, file) => sum + file.sizeBytes, 0);
  return { ...model, digest: digestModel(manifest), sizeBytes };
}

/**
 * Clients name models in the store, never folders on the server's disk; the default may be a folder.
 * @throws {ModelError} there is no such model.
 */
async function checkName(
  name: string,
  { store, defaultModel }: Pick<ServeOptions, 'store' | 'defaultModel'>,
): Promise<string> {
  if (name === defaultModel || name === DEMO_MODEL) return name;
  const isName = /^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(name);
  if (isName && (await listDtypes(store, name)).length > 0) return name;
  throw await unknownModel(store, name.slice(0, MAX_SHOWN_NAME));
}

async function withinTime(work: Promise<void>, limitMs: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, limitMs)));
  await Promise.race([work, late]);
  clearTimeout(timer);
}
