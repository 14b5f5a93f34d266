import type { DeviceName } from '../../base/dtype.js';
import { parseManifest } from '../../base/model-manifest.js';
import { digestModel } from '../../base/model-digest.js';
import { packageVersion } from '../../base/package-folder.js';
import type { Engine } from '../../engine/engine.js';
import { createFallbackEngine } from '../../engine/remote/fallback-engine.js';
import { createRemoteEngine } from '../../engine/remote/remote-engine.js';
import { listServers, type RuntimeRecord } from '../../engine/remote/runtime-file.js';
import type { ServerAddress } from '../../engine/remote/server-address.js';
import type { ResolvedModel } from '../resolve-model.js';

/** A local server that is slow to answer is of no use: the own engine is ready in seconds. */
const LOCAL_SILENCE_MS = 6000;

/** What an engine on this user's server is opened with. */
export interface LocalServerOptions {
  readonly model: ResolvedModel;
  readonly device: DeviceName;
  readonly runtimeFolder: string;
  /** The engine to ask once the server fails. */
  readonly openOwn: () => Engine;
  /** Called with a sentence about what is used, and what is not and why. */
  readonly onNote: (sentence: string) => void;
  /** The server has just been started for this. */
  readonly isFresh?: boolean;
}

/**
 * An engine that asks the newest of this user's servers that has this version of pali, and the model itself in this
 * program once that fails. Undefined where none runs.
 */
export async function openOnLocalServer(options: LocalServerOptions): Promise<Engine | undefined> {
  const { model, device, runtimeFolder, openOwn, onNote } = options;
  const record = await findRecord(runtimeFolder, onNote);
  if (record === undefined) return undefined;
  const version = packageVersion();
  const first = createRemoteEngine({
    address: toAddress(record),
    model: {
      name: model.name,
      dtype: model.dtype,
      device,
      digest: digestModel(await parseManifest(model.folder)),
      isHasty: true,
    },
    version,
    silenceMs: LOCAL_SILENCE_MS,
  });
  onNote(`Asking the server of process ${record.pid}.`);
  return createFallbackEngine({
    first,
    open: openOwn,
    onFallback: ({ message }) => onNote(`${message} The model is loaded by this command instead.`),
  });
}

async function findRecord(
  runtimeFolder: string,
  onNote: (sentence: string) => void,
): Promise<RuntimeRecord | undefined> {
  const records = await listServers(runtimeFolder);
  const version = packageVersion();
  const record = records.filter((candidate) => candidate.version === version).at(-1);
  const other = records.at(-1);
  if (record === undefined && other !== undefined) {
    onNote(
      `The server of process ${other.pid} is pali ${other.version}, and this is ${version}: it is not asked.`,
    );
  }
  return record;
}

/** Where a server of this user is reached. */
export function toAddress({ pid, socketPath, url, secret }: RuntimeRecord): ServerAddress {
  const name = `of process ${pid}`;
  if (socketPath !== undefined) return { name, socketPath, secret };
  return { name, url: new URL(url!), secret };
}
