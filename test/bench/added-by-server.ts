// What a request takes longer through a server: an engine that only waits, asked directly and over the socket in turns.
import { join } from 'node:path';
import { createEngine } from '../../src/engine/client/engine-client.js';
import type { Engine, EngineRequest } from '../../src/engine/engine.js';
import { createRemoteEngine } from '../../src/engine/remote/remote-engine.js';
import { listServers } from '../../src/engine/remote/runtime-file.js';
import { startServer } from '../../src/serve/start-server.js';

/** Side of a picture, pixels. */
const SIDE = 448;
const MODEL_MS = 50;
const RUNS = 60;

/** Medians, milliseconds. */
export interface AddedMs {
  readonly direct: number;
  readonly served: number;
}

export async function measureAddedMs(folder: string): Promise<AddedMs> {
  process.env['PALI_BENCH_MODEL_MS'] = String(MODEL_MS);
  const open = (): Engine =>
    createEngine(
      { modelName: 'waits', modelFolder: folder, device: 'cpu' },
      { childPath: new URL('./slow-engine.js', import.meta.url) },
    );
  const runtimeFolder = join(folder, 'added');
  const server = await startServer({
    host: undefined,
    port: 0,
    defaultModel: 'waits',
    device: 'cpu',
    store: folder,
    runtimeFolder,
    keepAliveMs: -1,
    maxQueue: 64,
    maxModels: 1,
    origins: [],
    allowsPrivateUrls: false,
    openEngine: open,
    log: () => undefined,
    findModel: async () => ({ name: 'waits', dtype: 'fp32', folder, digest: '0'.repeat(64), sizeBytes: 1 }),
  });
  const [{ secret }] = await listServers(runtimeFolder);
  const address = { name: 'of the bench', socketPath: server.socketPath!, secret };
  const engines = [open(), createRemoteEngine({ address, model: { name: 'waits' } })];
  const times: [number[], number[]] = [[], []];
  for (const engine of engines) await engine.load();
  for (let i = -5; i < RUNS; i++) {
    for (const [which, engine] of engines.entries()) {
      const took = await askOnce(engine);
      if (i >= 0) times[which].push(took);
    }
  }
  for (const engine of engines) await engine.close();
  await server.close(1000);
  const [direct, served] = times.map((list) => list.sort((a, b) => a - b)[RUNS / 2]);
  return { direct, served };
}

async function askOnce(engine: Engine): Promise<number> {
  const request: EngineRequest = {
    images: [{ side: SIDE, data: new Uint8Array(SIDE * SIDE * 3) }],
    prompt: 'detect car',
    maxTokens: 50,
    sampling: { temperature: 0, topP: 1, seed: 0 },
    alternatives: 0,
  };
  const startedAt = performance.now();
  for await (const event of engine.ask(request)) if (event.type === 'done') break;
  return performance.now() - startedAt;
}
