import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, expect } from 'vitest';
import { ModelError } from '../../src/base/errors.js';
import { createEngine } from '../../src/engine/client/engine-client.js';
import type { Engine } from '../../src/engine/engine.js';
import { listServers } from '../../src/engine/remote/runtime-file.js';
import type { ServerAddress } from '../../src/engine/remote/server-address.js';
import type { FoundModel } from '../../src/serve/model-slot.js';
import type { LogEntry } from '../../src/serve/serve-context.js';
import { startServer, type RunningServer, type ServeOptions } from '../../src/serve/start-server.js';

/** A server of a test, and what is needed to ask it. */
export interface TestServer extends RunningServer {
  readonly url: string;
  readonly folder: string;
  readonly secret: string;
  readonly socket: ServerAddress;
  readonly logged: LogEntry[];
  /** Engines that were opened. */
  readonly engines: Engine[];
}

/** The digest of every test's model. */
export const DIGEST = 'd'.repeat(64);

/** A PNG of 3 x 2 pixels. */
export const PICTURE =
  'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAMAAAACCAIAAAASFvFNAAAAFUlEQVR4nGMIOKHBeSIKiBg+pEBZAEnWB2mPXd/CAAAAAElFTkSuQmCC';

/** Opens one of the engines in fixtures/engines. */
export function openFixture(program: string): (model: FoundModel) => Engine {
  return ({ name, folder }) =>
    createEngine(
      { modelName: name, modelFolder: folder, device: 'cpu' },
      { childPath: new URL(`../../fixtures/engines/${program}`, import.meta.url) },
    );
}

/**
 * A server on a free port with models `one` and `two`, whose engine answers each prompt with the prompt itself. It
 * ends with the test.
 */
export async function startTestServer(options: Partial<ServeOptions> = {}): Promise<TestServer> {
  const folder = mkdtempSync(join(tmpdir(), 'pali-serve-'));
  const logged: LogEntry[] = [];
  const engines: Engine[] = [];
  const open = options.openEngine ?? openFixture('echo.mjs');
  const server = await startServer({
    host: '127.0.0.1',
    port: 0,
    defaultModel: 'one',
    device: 'cpu',
    store: join(folder, 'models'),
    runtimeFolder: join(folder, 'servers'),
    keepAliveMs: -1,
    maxQueue: 64,
    maxModels: 1,
    origins: [],
    allowsPrivateUrls: false,
    log: (entry) => logged.push(entry),
    findModel: async ({ name = 'one' }) => {
      if (name !== 'one' && name !== 'two')
        throw new ModelError('MODEL_MISSING', `There is no model '${name}'.`);
      return {
        name,
        dtype: 'fp32',
        folder,
        digest: DIGEST.replaceAll('d', name === 'one' ? 'd' : 'e'),
        sizeBytes: 1,
      };
    },
    ...options,
    openEngine: (model, device) => {
      const engine = open(model, device);
      engines.push(engine);
      return engine;
    },
  });
  cleanUps.push(async () => {
    await server.close(0);
    rmSync(folder, { recursive: true, force: true });
  });
  const [{ secret }] = await listServers(join(folder, 'servers'));
  const socket = { name: 'of the test', socketPath: server.socketPath!, secret };
  return { ...server, url: server.url ?? '', folder, secret, socket, logged, engines };
}

/** How many requests a server says it has. */
export async function requestsUnderWay(server: TestServer): Promise<number> {
  const response = await fetch(`${server.url}/v1/status`);
  return ((await response.json()) as { requestsUnderWay: number }).requestsUnderWay;
}

/** Wait for something that comes about soon. */
export async function until(isTrue: () => boolean | Promise<boolean>): Promise<void> {
  for (let i = 0; i < 500 && !(await isTrue()); i++) await wait(20);
  expect(await isTrue()).toBe(true);
}

const cleanUps: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0)) await cleanUp();
});
