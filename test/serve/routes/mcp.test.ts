import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { expect, it } from 'vitest';
import { FakeEngine } from '../../support/fake-engine.js';
import { PICTURE, startTestServer, type TestServer } from '../start-test-server.js';

const BOX = '<loc0256><loc0256><loc0512><loc0512> cup';

async function connect(server: TestServer, mode: 'legacy' | 'auto', apiKey?: string): Promise<Client> {
  const client = new Client({ name: 'test', version: '1' }, { versionNegotiation: { mode } });
  const requestInit = apiKey === undefined ? {} : { headers: { authorization: `Bearer ${apiKey}` } };
  await client.connect(new StreamableHTTPClientTransport(new URL(`${server.url}/mcp`), { requestInit }));
  return client;
}

it.each(['legacy', 'auto'] as const)('gives the tools over HTTP to a client that speaks %s', async (mode) => {
  const server = await startTestServer({ openEngine: () => new FakeEngine(() => BOX) });
  const client = await connect(server, mode);
  expect((await client.listTools()).tools).toHaveLength(6);
  const told: number[] = [];
  const result = await client.callTool(
    { name: 'detect', arguments: { image: PICTURE, things: 'cup' } },
    { onprogress: ({ progress }) => void told.push(progress) },
  );
  expect(result.structuredContent).toMatchObject({ found: 1, objects: [{ label: 'cup' }] });
  expect(told.length).toBeGreaterThan(0);
  const entry = server.logged.find(({ facts }) => facts.task === 'detect');
  expect(entry).toMatchObject({ route: '/mcp', status: 200, facts: { pictures: 1 } });
  await client.close();
});

it('reads no path of the server, and no address of its network', async () => {
  const server = await startTestServer({ openEngine: () => new FakeEngine(() => 'a cup') });
  const client = await connect(server, 'legacy');
  for (const image of ['/etc/passwd', 'file:///etc/passwd', 'photo.png', `${server.url}/health`]) {
    const { isError, content } = await client.callTool({ name: 'caption', arguments: { image } });
    expect(isError).toBe(true);
    expect(JSON.stringify(content)).toMatch(/Paths are not read|this machine/);
  }
  await client.close();
});

it('asks for the key, and refuses pages of other sites and foreign names', async () => {
  const server = await startTestServer({ apiKey: 'secret', openEngine: () => new FakeEngine(() => 'a cup') });
  await expect(connect(server, 'legacy')).rejects.toThrow();
  const client = await connect(server, 'legacy', 'secret');
  expect((await client.listTools()).tools).toHaveLength(6);
  await client.close();
  const headers = {
    authorization: 'Bearer secret',
    'content-type': 'application/json',
    origin: 'https://a.example',
  };
  const response = await fetch(`${server.url}/mcp`, { method: 'POST', headers, body: '{}' });
  expect(response.status).toBe(403);
});

it('lets go of a call whose client cancels it', async () => {
  let isStarted = (): void => undefined;
  const started = new Promise<void>((resolve) => (isStarted = resolve));
  const engine = new FakeEngine(async () => {
    isStarted();
    return new Promise<string>((resolve) => setTimeout(() => resolve('late'), 300));
  });
  const server = await startTestServer({ openEngine: () => engine });
  const client = await connect(server, 'auto');
  const controller = new AbortController();
  const call = client.callTool(
    { name: 'caption', arguments: { image: PICTURE } },
    { signal: controller.signal },
  );
  await started;
  controller.abort();
  await expect(call).rejects.toThrow();
  await expect.poll(() => engine.active).toBe(0);
  await expect
    .poll(async () => await (await fetch(`${server.url}/v1/status`)).json())
    .toMatchObject({ requestsUnderWay: 0 });
  await client.close();
});
