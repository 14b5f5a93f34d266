import { execFile } from 'node:child_process';
import { createServer, type RequestListener } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { promisify } from 'node:util';
import { afterEach, describe, expect, it } from 'vitest';
import { fixturePath } from '../../fixtures/index.js';
import { openGuardProxy, type GuardProxy } from '../../src/net/filtering-proxy.js';
import { privateAddress } from '../../src/net/public-address.js';
import { findFfmpeg } from '../../src/video/ffmpeg/find-ffmpeg.js';
import { httpSource } from '../../src/video/source/network-source.js';
import { probeSource } from '../../src/video/probe/probe-video.js';
import { readFileSync } from 'node:fs';

const closing: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function serve(listener: RequestListener): Promise<number> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

/** A proxy for which `public.test` is a public host, and every other name is private. */
async function openProxy(): Promise<GuardProxy> {
  const proxy = await openGuardProxy({
    lookup: (host, options, done) => {
      if (host !== 'public.test') return done(privateAddress(host), []);
      if (options.all === true) return done(null, [{ address: '127.0.0.1', family: 4 }]);
      return done(null, '127.0.0.1', 4);
    },
  });
  closing.push(() => proxy.close());
  return proxy;
}

/** What the proxy answers to raw bytes. */
async function say({ url }: GuardProxy, text: string): Promise<string> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  socket.end(text);
  let answer = '';
  for await (const chunk of socket) answer += String(chunk);
  return answer.split('\r\n')[0];
}

describe('openGuardProxy', () => {
  it('hands requests on as a server wants them, and takes the fields for proxies out', async () => {
    let seen: unknown;
    const port = await serve(({ url, headers }, response) => {
      seen = { url, host: headers.host, proxy: headers['proxy-connection'], connection: headers.connection };
      response.end('here');
    });
    const proxy = await openProxy();
    const request = `GET http://public.test:${port}/a?b HTTP/1.1\r\nHost: public.test\r\nProxy-Connection: x\r\n\r\n`;
    expect(await say(proxy, request)).toBe('HTTP/1.1 200 OK');
    expect(seen).toEqual({ url: '/a?b', host: 'public.test', proxy: undefined, connection: 'close' });
  });

  it.each([
    ['GET http://127.0.0.1/ HTTP/1.1', '403'],
    ['GET http://0x7f.1/ HTTP/1.1', '403'],
    ['GET http://[::1]/ HTTP/1.1', '403'],
    ['GET http://169.254.169.254/latest HTTP/1.1', '403'],
    ['CONNECT 10.0.0.1:443 HTTP/1.1', '403'],
    ['CONNECT intern.test:443 HTTP/1.1', '403'],
    ['GET file:///etc/passwd HTTP/1.1', '400'],
    ['GET /etc/passwd HTTP/1.1', '400'],
    ['nonsense', '400'],
    [`GET http://public.test/ HTTP/1.1\r\nx: ${'x'.repeat(20_000)}`, '431'],
  ])('refuses %.40s', async (head, status) => {
    const proxy = await openProxy();
    expect(await say(proxy, `${head}\r\n\r\n`)).toContain(` ${status} `);
    expect(proxy.findRefusal()?.code).toBe(status === '403' ? 'URL_PRIVATE' : undefined);
  });

  it('tunnels', async () => {
    const port = await serve((_, response) => response.end('here'));
    const proxy = await openProxy();
    const socket = connect(Number(new URL(proxy.url).port), '127.0.0.1');
    socket.write(`CONNECT public.test:${port} HTTP/1.1\r\n\r\n`);
    let heard = '';
    for await (const chunk of socket) {
      if (heard === '') socket.write('GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
      heard += String(chunk);
    }
    expect(heard).toMatch(/^HTTP\/1.1 200 Connection established\r\n\r\nHTTP\/1.1 200 OK/);
    expect(heard).toMatch(/here/);
  });

  it('goes through the proxies of the environment, with their names and passwords', async () => {
    const asked: unknown[] = [];
    const port = await serve(({ method, url, headers }, response) => {
      asked.push([method, url, headers.host, headers['proxy-authorization']]);
      response.end('here');
    });
    const next = createServer((request, response) => {
      asked.push([request.method, request.url, request.headers.host, request.headers['proxy-authorization']]);
      response.end('from the proxy');
    });
    next.on('connect', ({ url, headers }, socket) => {
      asked.push(['CONNECT', url, headers.host, headers['proxy-authorization']]);
      if (url === 'forbidden.invalid:443') return void socket.end('HTTP/1.1 407 Who?\r\n\r\n');
      const upstream = connect(port, '127.0.0.1', () => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n');
        upstream.pipe(socket).pipe(upstream);
      });
      for (const end of [socket, upstream]) end.on('error', () => undefined);
    });
    await new Promise<void>((resolve) => next.listen(0, '127.0.0.1', resolve));
    closing.push(() => (next.closeAllConnections(), void next.close()));
    const address = `http://me:a%20b@127.0.0.1:${(next.address() as AddressInfo).port}`;
    const proxy = await openGuardProxy({
      proxies: { httpProxy: address, httpsProxy: address, noProxy: 'localhost' },
    });
    closing.push(() => proxy.close());

    const basic = `Basic ${Buffer.from('me:a b').toString('base64')}`;
    const plain =
      'GET http://videos.invalid/a?b HTTP/1.1\r\nHost: videos.invalid\r\nProxy-Authorization: x\r\n\r\n';
    expect(await say(proxy, plain)).toBe('HTTP/1.1 200 OK');
    expect(await say(proxy, 'CONNECT videos.invalid:443 HTTP/1.1\r\n\r\n')).toContain(' 200 ');
    expect(asked).toEqual([
      ['GET', 'http://videos.invalid/a?b', 'videos.invalid', basic],
      ['CONNECT', 'videos.invalid:443', 'videos.invalid:443', basic],
    ]);
    // Neither where the environment excepts a host, nor where it is private.
    for (const target of [
      `GET http://localhost:${port}/`,
      'CONNECT 10.0.0.1:443',
      'GET http://127.0.0.1/',
      'CONNECT localhost.:443',
      'GET http://[::127.0.0.1]/',
      'CONNECT [::127.0.0.1]:443',
      'CONNECT printer.local.:443',
    ]) {
      expect(await say(proxy, `${target} HTTP/1.1\r\n\r\n`)).toContain(' 403 ');
    }
    expect(asked).toHaveLength(2);
    expect(await say(proxy, 'CONNECT forbidden.invalid:443 HTTP/1.1\r\n\r\n')).toContain(' 502 ');
  });

  it('says that the next proxy refuses', async () => {
    const port = await serve(() => undefined);
    const proxy = await openGuardProxy({ proxies: { httpsProxy: `http://127.0.0.1:${port}` } });
    closing.push(() => proxy.close());
    expect(await say(proxy, 'CONNECT videos.invalid:443 HTTP/1.1\r\n\r\n')).toContain(' 502 ');
    expect(proxy.findRefusal()).toMatchObject({
      code: 'URL_FAILED',
      message: expect.stringContaining('The proxy') as string,
    });
  });

  it('lets ffmpeg read a video, and go nowhere else from there', async () => {
    const clip = readFileSync(fixturePath('video', 'title.mp4'));
    let secretReads = 0;
    const port: number = await serve((request, response) => {
      if (request.url === '/clip.mp4') return void response.end(clip);
      if (request.url === '/moved.mp4') {
        return void response.writeHead(302, { location: `http://127.0.0.1:${port}/secret` }).end();
      }
      if (request.url === '/list.m3u8') {
        const pieces = [`http://127.0.0.1:${port}/secret.ts`, 'file:///etc/hostname'];
        const lines = pieces.map((piece) => `#EXTINF:1,\n${piece}`);
        return void response.end(`#EXTM3U\n#EXT-X-TARGETDURATION:1\n${lines.join('\n')}\n#EXT-X-ENDLIST\n`);
      }
      secretReads++;
      response.end(clip);
    });
    const proxy = await openProxy();
    const options = { proxyUrl: proxy.url, findRefusal: proxy.findRefusal };
    const open = (path: string) => probeSource(httpSource(`http://public.test:${port}/${path}`, options));
    expect(await open('clip.mp4')).toMatchObject({ width: 320, durationSeconds: 10 });
    await expect(open('moved.mp4')).rejects.toMatchObject({ code: 'URL_PRIVATE' });
    await expect(open('list.m3u8')).rejects.toMatchObject({ code: 'URL_PRIVATE' });
    expect(secretReads).toBe(0);
    // Not even where the environment excepts the host from proxies.
    const { ffprobePath } = await findFfmpeg();
    const source = httpSource(`http://127.0.0.1:${port}/secret`, options);
    const env = { ...process.env, NO_PROXY: '127.0.0.1', no_proxy: '127.0.0.1', ...source.env };
    const args = ['-v', 'error', ...source.inputOptions, source.address];
    await expect(promisify(execFile)(ffprobePath, args, { env })).rejects.toThrow(/403/);
    expect(secretReads).toBe(0);
  });
});
