import { listModels } from '../models/model-store.js';
import { modelsFolder } from '../models/models-folder.js';
import { DEMO_MODEL } from '../models/demo-model.js';
import type { HeadStart } from '../models/prestart-engine.js';
import { isPictureUrl } from '../net/is-http-url.js';
import { openReadyEngine } from '../models/open-engine.js';
import { runtimeFolder } from '../models/servers/runtime-folder.js';
import { openPicture } from '../tasks/inputs/open-picture.js';
import { packageVersion } from '../base/package-folder.js';
import { resolveModel } from '../models/resolve-model.js';
import { appendHistory, clearHistory, historyPath, readHistory } from './input/history-file.js';
import { readClipboard } from './session/commands/read-clipboard.js';
import type { SessionHost } from './session/state/session-host.js';

/** The parts of a host that depend on how the session is shown. */
export type ShownHost = Pick<
  SessionHost,
  'drawPicture' | 'drawStrip' | 'stripLength' | 'openPlayer' | 'clearScreen' | 'saveSettings' | 'isDebug'
> & {
  /** For the first model. */
  readonly headStart: HeadStart | undefined;
  /** Ask a running server of this user. */
  readonly usesServer: boolean;
  /** Ask these servers, and load nothing here. */
  readonly servers: readonly string[];
};

/** Parts that tests replace. */
export type HostDependencies = Partial<Pick<SessionHost, 'findModel'>>;

/** The real world: models from the store, engines in processes of their own, the history on disk. */
export function createHost(
  { headStart, usesServer, servers, ...shown }: ShownHost,
  dependencies: HostDependencies = {},
): SessionHost {
  const path = historyPath();
  // One after the other: two lines must not be mixed.
  let written = Promise.resolve();
  return {
    ...shown,
    findModel: async ({ model: wanted, dtype, device, signal }) => {
      if (servers.length > 0) {
        const { openServers } = await import('../models/servers/open-servers.js');
        const name = wanted ?? DEMO_MODEL;
        const engine = await openServers({ servers, model: name, dtype, onNote: () => undefined });
        return { name, dtype: (await engine.load()).dtype, engine };
      }
      const model = await resolveModel({ store: modelsFolder(), model: wanted, dtype, device, signal });
      const engine = await openReadyEngine(
        { model, device, isDebug: shown.isDebug, headStart },
        {
          runtimeFolder: usesServer ? runtimeFolder() : undefined,
          keepAlive: undefined,
          // Which of the two answers makes no difference to a session.
          onNote: () => undefined,
          signal,
        },
      );
      return { ...model, engine };
    },
    listModels: async () => {
      const models = await listModels(modelsFolder());
      return [...new Set([DEMO_MODEL, ...models.map(({ name }) => name)])];
    },
    openPicture: async (source, name, signal) => {
      if (typeof source !== 'string' || !isPictureUrl(source)) return openPicture(source, name);
      const { fetchPicture } = await import('../tasks/inputs/fetch-picture.js');
      return openPicture(await fetchPicture(source, { allowsPrivate: false, signal }), name);
    },
    readClipboard: () => readClipboard(),
    readHistory: () => written.then(() => readHistory(path)),
    appendHistory: (line) => {
      written = written.then(() => appendHistory(path, line));
    },
    clearHistory: async () => {
      await written;
      await clearHistory(path);
    },
    version: packageVersion(),
    now: () => performance.now(),
    ...dependencies,
  };
}
