import { createServer } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { fetchPicture } from '../../../src/tasks/inputs/fetch-picture.js';
import { checkKnownHost } from '../../../src/net/public-address.js';

const server = createServer(({ url }, response) => {
  if (url === '/inside') response.writeHead(302, { location: 'http://127.0.0.1/a.png' }).end();
  else response.writeHead(200, { 'content-type': 'image/png' }).end('bytes');
});
/** Leads every name to the server, but one. */
const proxy = createServer();
const tunnels: string[] = [];

beforeAll(async () => {
  proxy.on('connect', (request, socket, head) => {
    tunnels.push(request.url!);
    if (request.url!.startsWith('forbidden')) return void socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
    const upstream = connect((server.address() as AddressInfo).port, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      upstream.write(head);
      upstream.pipe(socket).pipe(upstream);
    });
    for (const end of [socket, upstream]) end.on('error', () => undefined);
  });
  for (const one of [server, proxy]) await new Promise<void>((done) => one.listen(0, '127.0.0.1', done));
});
afterAll(() => {
  for (const one of [server, proxy]) {
    one.closeAllConnections();
    one.close();
  }
});
beforeEach(() => {
  tunnels.length = 0;
});

const fetchThrough = (url: string, env: NodeJS.ProcessEnv = {}): Promise<Uint8Array> => {
  const http_proxy = `127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  return fetchPicture(url, { allowsPrivate: false, env: { http_proxy, ...env } });
};

it('leaves a name that is not known here to the proxy', async () => {
  const bytes = await fetchThrough('http://pictures.invalid/a.png');
  expect(Buffer.from(bytes).toString()).toBe('bytes');
  expect(tunnels).toEqual(['pictures.invalid:80']);
});

it.each([
  ['as it stands', 'http://10.1.2.3/a.png'],
  ['as this machine resolves it', 'http://localhost/a.png'],
])('does not ask the proxy for an address that is private %s', async (_, url) => {
  await expect(fetchThrough(url)).rejects.toMatchObject({ code: 'URL_PRIVATE', exitCode: 3 });
  expect(tunnels).toEqual([]);
});

it('refuses to be led inside by a redirect', async () => {
  const inside = fetchThrough('http://pictures.invalid/inside');
  await expect(inside).rejects.toMatchObject({ code: 'URL_PRIVATE' });
  expect(tunnels).toEqual(['pictures.invalid:80']);
});

it('connects to public addresses only where no proxy is to be used', async () => {
  const direct = fetchThrough('http://localhost/a.png', { NO_PROXY: 'localhost' });
  await expect(direct).rejects.toMatchObject({ code: 'URL_PRIVATE' });
  expect(tunnels).toEqual([]);
});

it('says that the proxy refuses, and that it is none', async () => {
  await expect(fetchThrough('http://forbidden.invalid/a.png')).rejects.toMatchObject({
    message: 'The proxy does not lead to http://forbidden.invalid/a.png: it answered 403.',
    exitCode: 5,
  });
  const invalid = fetchThrough('http://pictures.invalid/a.png', { http_proxy: 'socks5://127.0.0.1:9' });
  await expect(invalid).rejects.toMatchObject({ code: 'PROXY_INVALID', exitCode: 5 });
});

it.each([
  'http://localhost./a.png',
  'http://a.localhost/a.png',
  'http://LocalHost.LocalDomain./a.png',
  'http://printer.local/a.png',
  'http://db.internal/a.png',
  'http://intranet/a.png',
  'http://[::127.0.0.1]/a.png',
  'http://[::ffff:127.0.0.1]/a.png',
  'http://2130706433/a.png',
  'http://0x7f.1/a.png',
])('hands %s on to no proxy', async (url) => {
  await expect(fetchThrough(url)).rejects.toMatchObject({ code: 'URL_PRIVATE' });
  expect(tunnels).toEqual([]);
});

it('refuses a host when one of several addresses is private', async () => {
  const resolveTo =
    (...addresses: string[]) =>
    (_: string, __: unknown, answer: (error: null, found: { address: string; family: number }[]) => void) =>
      answer(
        null,
        addresses.map((address) => ({ address, family: 4 })),
      );
  await expect(checkKnownHost('a.example', resolveTo('8.8.8.8', '192.168.0.1'))).rejects.toThrow('a.example');
  await expect(checkKnownHost('a.example', resolveTo('8.8.8.8'))).resolves.toBeUndefined();
});
