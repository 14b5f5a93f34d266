import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { CancelledError } from '../../../src/base/errors.js';
import { fetchPicture } from '../../../src/tasks/inputs/fetch-picture.js';
import { isPictureUrl } from '../../../src/net/is-http-url.js';
import { createPublicLookup, isPublicAddress } from '../../../src/net/public-address.js';

const closing: (() => void)[] = [];
afterAll(() => closing.forEach((close) => close()));

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const open = { allowsPrivate: true, env: {} };

describe('fetchPicture', () => {
  it('gives the bytes of what says it is a picture, or says nothing', async () => {
    for (const type of ['image/png', 'IMAGE/JPEG; charset=x', 'application/octet-stream', undefined]) {
      const base = await serve((_, response) => {
        if (type !== undefined) response.setHeader('content-type', type);
        response.end('bytes');
      });
      expect(Buffer.from(await fetchPicture(`${base}/a.png`, open)).toString()).toBe('bytes');
    }
  });

  it('follows redirects, but not without end', async () => {
    const base = await serve(({ url }, response) => {
      if (url === '/end') return void response.setHeader('content-type', 'image/png').end('end');
      response.writeHead(302, { location: url === '/loop' ? '/loop' : '/end' }).end('moved');
    });
    expect(Buffer.from(await fetchPicture(`${base}/start`, open)).toString()).toBe('end');
    await expect(fetchPicture(`${base}/loop`, open)).rejects.toMatchObject({ code: 'URL_UNREADABLE' });
  });

  it('unpacks what is packed unasked, up to its largest size', async () => {
    const base = await serve(({ url }, response) => {
      response.writeHead(200, { 'content-type': 'image/png', 'content-encoding': 'gzip' });
      response.end(gzipSync(Buffer.alloc(url === '/small' ? 9000 : 90_000, 'a')));
    });
    const fetch = (path: string): Promise<Uint8Array> =>
      fetchPicture(`${base}${path}`, { ...open, limits: { maxBytes: 10_000 } });
    expect(Buffer.from(await fetch('/small')).toString()).toBe('a'.repeat(9000));
    await expect(fetch('/large')).rejects.toMatchObject({ code: 'IMAGE_TOO_LARGE' });
  });

  it.each(['constructor', '__proto__', 'zstd'])('says that it is packed as %s', async (packing) => {
    const base = await serve((_, response) => {
      response.writeHead(200, { 'content-type': 'image/png', 'content-encoding': packing }).end('x');
    });
    await expect(fetchPicture(base, open)).rejects.toMatchObject({
      code: 'URL_UNREADABLE',
      message: expect.stringContaining(`is packed as ${packing}, which`) as string,
    });
  });

  it('says that what is packed is damaged', async () => {
    const base = await serve((_, response) => {
      response.writeHead(200, { 'content-type': 'image/png', 'content-encoding': 'gzip' }).end('no gzip');
    });
    await expect(fetchPicture(base, open)).rejects.toMatchObject({
      code: 'URL_FAILED',
      message: expect.stringContaining('is damaged') as string,
    });
  });

  it.each([
    [404, {}, 'URL_UNREADABLE', 3],
    [401, {}, 'URL_UNREADABLE', 3],
    [503, {}, 'URL_FAILED', 5],
    [200, { 'content-type': 'text/html' }, 'URL_NO_PICTURE', 3],
    [302, { location: 'file:///etc/passwd' }, 'URL_UNREADABLE', 3],
    [302, { location: 'http://user:pw@example.org/a.png' }, 'URL_UNREADABLE', 3],
  ])('status %d with %j: %s', async (status, headers, code, exitCode) => {
    const base = await serve((_, response) => response.writeHead(status, headers).end('x'));
    await expect(fetchPicture(`${base}/x`, open)).rejects.toMatchObject({ code, exitCode });
  });

  it('says in words that nothing answers', async () => {
    await expect(fetchPicture('http://127.0.0.1:1/a.png', open)).rejects.toMatchObject({
      message: 'http://127.0.0.1:1/a.png could not be fetched: nothing answers there.',
    });
  });

  it('stops at the size that it may have, whatever the server says', async () => {
    const tell = await serve((_, response) =>
      response.writeHead(200, { 'content-length': '9' }).end('123456789'),
    );
    const hide = await serve((_, response) => {
      response.write('12345');
      response.end('6789');
    });
    for (const base of [tell, hide]) {
      const fetched = fetchPicture(base, { ...open, limits: { maxBytes: 8 } });
      await expect(fetched).rejects.toMatchObject({ code: 'IMAGE_TOO_LARGE', exitCode: 3 });
    }
  });

  it('gives up on a server that says nothing, at once when cancelled', async () => {
    const silent = await serve(() => undefined);
    const slow = fetchPicture(silent, { ...open, limits: { totalMs: 50 } });
    await expect(slow).rejects.toMatchObject({ code: 'URL_TIMEOUT', exitCode: 5 });
    const controller = new AbortController();
    const cancelled = fetchPicture(silent, { ...open, signal: controller.signal });
    controller.abort(new CancelledError());
    await expect(cancelled).rejects.toThrow(CancelledError);
  });

  it('calls a server that is not there a failure of the network', async () => {
    await expect(fetchPicture('http://127.0.0.1:1/a.png', open)).rejects.toMatchObject({ exitCode: 5 });
  });

  it('does not fetch from this machine unless it may', async () => {
    let calls = 0;
    const base = await serve((_, response) => {
      calls++;
      response.end('secret');
    });
    const { port } = new URL(base);
    const hosts = [
      '127.0.0.1',
      'localhost',
      '2130706433',
      '0x7f.1',
      '[::1]',
      '[::ffff:127.0.0.1]',
      '0.0.0.0',
    ];
    for (const host of hosts) {
      const fetched = fetchPicture(`http://${host}:${port}/`, { allowsPrivate: false });
      await expect(fetched, host).rejects.toMatchObject({ code: 'URL_PRIVATE', exitCode: 3 });
    }
    expect(calls).toBe(0);
  });

  it('knows an address from a path', () => {
    expect(['http://a/b', 'HTTPS://a', 'ftp://a/b', 'http:/a', 'a.png'].map(isPictureUrl)).toEqual([
      true,
      true,
      false,
      false,
      false,
    ]);
  });
});

describe('public addresses', () => {
  it.each([
    '127.0.0.1',
    '10.1.2.3',
    '172.16.0.1',
    '192.168.1.1',
    '169.254.169.254',
    '100.64.0.1',
    '0.0.0.0',
    '224.0.0.1',
    '255.255.255.255',
    '::',
    '::1',
    'fe80::1',
    'fe80::1%eth0',
    'fd00::1',
    '::ffff:10.0.0.1',
    '64:ff9b::a00:1',
    '::127.0.0.1',
    'fec0::1',
    '100::1',
    '2001:db8::1',
    '2002:7f00:1::',
    'nonsense',
  ])('%s is not', (address) => expect(isPublicAddress(address)).toBe(false));

  it.each(['93.184.216.34', '8.8.8.8', '2606:4700::1111'])('%s is', (address) =>
    expect(isPublicAddress(address)).toBe(true),
  );

  it('a name with one private address among others is refused, else the checked ones are given', () => {
    const look = (...found: string[]): unknown => {
      let given: unknown;
      const addresses = found.map((address) => ({ address, family: 4 }));
      createPublicLookup((_host, _options, answer) => answer(null, addresses))(
        'host',
        { all: true },
        (...result) => {
          given = result[0] ?? result[1];
        },
      );
      return given;
    };
    expect(look('8.8.8.8', '10.0.0.1')).toMatchObject({ code: 'URL_PRIVATE' });
    expect(look('8.8.8.8')).toEqual([{ address: '8.8.8.8', family: 4 }]);
  });
});
