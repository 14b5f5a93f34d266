import { createServer, type Server } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { createFetch, createHubClient } from '../../src/hub/hub-client.js';
import { readRepository } from '../../src/hub/read-repository.js';
import { FakeHub, revisionWith } from '../support/fake-hub.js';

let hub: FakeHub;
let proxy: Server;
const tunnels: string[] = [];

beforeAll(async () => {
  hub = await FakeHub.start();
  const files = new Map([['config.json', Buffer.from('{}')]]);
  hub.repositories.set('google/tiny', { revisions: new Map([['main', revisionWith(files)]]) });
  proxy = createServer((_request, response) => response.writeHead(405).end());
  proxy.on('connect', (request, socket, head) => {
    tunnels.push(request.url!);
    const [host, port] = request.url!.split(':');
    const upstream = connect(Number(port), host, () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      upstream.write(head);
      upstream.pipe(socket).pipe(upstream);
    });
    for (const end of [socket, upstream]) end.on('error', () => undefined);
  });
  await new Promise<void>((listening) => proxy.listen(0, '127.0.0.1', listening));
});
afterAll(async () => {
  proxy.closeAllConnections();
  proxy.close();
  await hub.stop();
});
beforeEach(() => {
  tunnels.length = 0;
});

const proxyUrl = (): string => `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;

async function readThrough(env: NodeJS.ProcessEnv): Promise<string[]> {
  const client = await createHubClient({ endpoint: hub.endpoint }, { fetch: await createFetch(env) });
  const { files } = await readRepository(client, 'google/tiny', 'main');
  return [...files.keys()];
}

it('goes through the proxy that the environment names', async () => {
  expect(await readThrough({ http_proxy: proxyUrl() })).toEqual(['config.json']);
  expect(new Set(tunnels)).toEqual(new Set([new URL(hub.endpoint).host]));
});

it('does not, where NO_PROXY says so', async () => {
  expect(await readThrough({ HTTP_PROXY: proxyUrl(), NO_PROXY: '127.0.0.1' })).toEqual(['config.json']);
  expect(tunnels).toEqual([]);
});

it('is Node’s own fetch where there is no proxy', async () => {
  expect(await createFetch({})).toBe(fetch);
});

it('says in a sentence that the proxy is not there', async () => {
  const nobody = await FakeHub.start();
  const { endpoint } = nobody;
  await nobody.stop();
  const client = await createHubClient(
    { endpoint: hub.endpoint },
    {
      fetch: await createFetch({ ALL_PROXY: endpoint }),
      clock: { now: () => 0, sleep: async () => undefined },
    },
  );
  await expect(readRepository(client, 'google/tiny', 'main')).rejects.toMatchObject({ name: 'NetworkError' });
});
