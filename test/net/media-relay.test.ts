import { createCipheriv } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer, get, type RequestListener } from 'node:http';
import { createServer as createTcpServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { fixturePath } from '../../fixtures/index.js';
import { toPaliError } from '../../src/net/describe-fetch-error.js';
import { fetchMedia } from '../../src/net/fetch-media.js';
import { openHls } from '../../src/net/hls/hls-track.js';
import { createMediaClient, type MediaClient } from '../../src/net/media-client.js';
import { openMediaRelay, type MediaRelay } from '../../src/net/media-relay.js';
import { privateAddress } from '../../src/net/public-address.js';
import { probeSource } from '../../src/video/probe/probe-video.js';
import { sampleFrames } from '../../src/video/frames/sample-frames.js';
import { httpSource } from '../../src/video/source/network-source.js';
import { runPlainFfmpeg } from '../support/make-clip.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const folder = temporaryFolder();
const clip = fixturePath('video', 'title.mp4');
const signal = new AbortController().signal;
const closing: (() => Promise<unknown> | void)[] = [];
/** Whatever reaches it got past the filter. */
const secret = createTcpServer((socket) => {
  secretCalls++;
  socket.on('error', () => undefined).destroy();
});
let secretCalls = 0;
let secretPort = 0;

beforeAll(async () => {
  await new Promise<void>((done) => secret.listen(0, '127.0.0.1', done));
  secretPort = (secret.address() as AddressInfo).port;
  const video = ['-an', '-c:v', 'libx264', '-preset', 'ultrafast', '-g', '25', '-r', '25', '-t', '6'];
  const pieces = ['-f', 'hls', '-hls_time', '2', '-hls_list_size', '0', '-hls_flags', 'independent_segments'];
  await runPlainFfmpeg(['-i', clip, ...video, ...pieces, join(folder, 'ts.m3u8')]);
  const fragments = ['-hls_segment_type', 'fmp4', '-hls_fmp4_init_filename', 'init.mp4'];
  await runPlainFfmpeg(['-i', clip, ...video, ...pieces, ...fragments, join(folder, 'parts.m3u8')]);
  const single = ['-hls_flags', 'single_file'];
  await runPlainFfmpeg([
    '-i',
    clip,
    ...video,
    ...pieces.slice(0, -2),
    ...single,
    join(folder, 'single.m3u8'),
  ]);
  await runPlainFfmpeg(['-i', clip, ...video, '-movflags', '-faststart', join(folder, 'late.mp4')]);
});
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
  const calls = secretCalls;
  secretCalls = 0;
  expect(calls).toBe(0);
});
afterAll(() => secret.close());

async function serve(listener: RequestListener): Promise<number> {
  const server = createServer(listener);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  closing.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

/** The folder's files, whole or in parts; `made` gives others. */
function files(made: Readonly<Record<string, string | Buffer>> = {}): RequestListener {
  return ({ url = '/', headers }, response) => {
    const name = url.slice(1).split('?')[0];
    const known =
      made[name] ?? (readdirSync(folder).includes(name) ? readFileSync(join(folder, name)) : undefined);
    if (known === undefined) return void response.writeHead(404).end();
    const content = Buffer.from(known);
    const part = /bytes=(\d+)-(\d*)/.exec(headers.range ?? '');
    if (part === null) return void response.setHeader('content-length', content.length).end(content);
    const [first, last] = [Number(part[1]), part[2] === '' ? content.length - 1 : Number(part[2])];
    if (first >= content.length) return void response.writeHead(416).end();
    response.setHeader('content-range', `bytes ${first}-${last}/${content.length}`);
    response.writeHead(206).end(content.subarray(first, last + 1));
  };
}

/** A relay for which `public.test` and those below it are public hosts, and every other name is private. */
async function openRelay(url: string, playlist?: 'hls'): Promise<MediaRelay> {
  const relay = await openMediaRelay(publicClient(), { url, isHls: playlist === 'hls', signal });
  closing.push(relay.close);
  return relay;
}

function publicClient(): MediaClient {
  return createMediaClient({
    allowsPrivate: false,
    stallMs: 5000,
    keepsConnections: true,
    env: {},
    lookup: (host, options, done) => {
      if (!/(^|\.)public\.test$/.test(host)) return done(privateAddress(host), []);
      if (options.all === true) return done(null, [{ address: '127.0.0.1', family: 4 }]);
      return done(null, '127.0.0.1', 4);
    },
  });
}

async function read(url: string, playlist?: 'hls'): Promise<number[]> {
  const relay = await openRelay(url, playlist);
  const source = httpSource(url, relay);
  const video = await probeSource(source, signal);
  const times: number[] = [];
  for await (const { timeSeconds } of sampleFrames(video, { sampling: { kind: 'every', everySeconds: 1 } })) {
    times.push(timeSeconds);
  }
  // ffprobe, which leaves early, is no failure.
  expect(relay.findFailure()).toBeUndefined();
  return times;
}

const seconds = [0, 1, 2, 3, 4, 5];

describe('a video at an address', () => {
  it('is read from its end, in parts, through redirects', async () => {
    const give = files();
    const port: number = await serve((request, response) => {
      const to = `http://other.public.test:${port}/late.mp4`;
      if (request.url === '/moved') return void response.writeHead(302, { location: to }).end();
      give(request, response);
    });
    expect(await read(`http://public.test:${port}/moved`)).toEqual(seconds);
  });

  it('may not redirect to this machine', async () => {
    const location = `http://127.0.0.1:${secretPort}/`;
    const port = await serve((_, response) => void response.writeHead(302, { location }).end());
    await expect(read(`http://public.test:${port}/a.mp4`)).rejects.toMatchObject({ code: 'URL_PRIVATE' });
  });

  it('is no playlist when it says so only to ffmpeg', async () => {
    const list = `#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\ntcp://127.0.0.1:${secretPort}/\n`;
    const port = await serve(files({ 'a.mp4': list }));
    await expect(read(`http://public.test:${port}/a.mp4`)).rejects.toMatchObject({
      exitCode: 3,
    });
  });

  it('says that the server failed', async () => {
    const port = await serve((_, response) => void response.writeHead(503).end());
    await expect(read(`http://public.test:${port}/a.mp4`)).rejects.toMatchObject({
      code: 'URL_FAILED',
      message: expect.stringContaining('answered 503') as string,
    });
  });
});

describe('a playlist of HLS', () => {
  it.each(['ts.m3u8', 'parts.m3u8', 'single.m3u8'])('is read whole: %s', async (name) => {
    const port = await serve(files());
    expect(await read(`http://public.test:${port}/${name}`, 'hls')).toEqual(seconds);
  });

  it('is read with pieces that are encrypted, packed, and given to those with a cookie alone', async () => {
    const key = Buffer.alloc(16, 7);
    const list = readFileSync(join(folder, 'ts.m3u8'), 'utf8').replace(
      '#EXTINF',
      '#EXT-X-KEY:METHOD=AES-128,URI="key"\n#EXTINF',
    );
    const made: Record<string, Buffer> = { key };
    for (const [number, name] of (list.match(/^ts\d+\.ts$/gm) ?? []).entries()) {
      const iv = Buffer.alloc(16);
      iv[15] = number;
      const cipher = createCipheriv('aes-128-cbc', key, iv);
      made[name] = Buffer.concat([cipher.update(readFileSync(join(folder, name))), cipher.final()]);
    }
    const variants =
      '#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=9,CODECS="mp4a.40.2"\nsound.m3u8\n#EXT-X-STREAM-INF:BANDWIDTH=5\nlist.m3u8\n';
    const give = files(made);
    const port = await serve((request, response) => {
      if (request.url === '/all.m3u8') {
        response.setHeader('set-cookie', 'pass=yes; Path=/; Domain=public.test');
        return void response.end(variants);
      }
      if (request.headers.cookie !== 'pass=yes') return void response.writeHead(403).end();
      if (request.url !== '/list.m3u8') return give(request, response);
      response.setHeader('content-encoding', 'gzip').end(gzipSync(list));
    });
    expect(await read(`http://public.test:${port}/all.m3u8`, 'hls')).toEqual(seconds);
  });

  it('goes on where a piece broke off', async () => {
    const give = files();
    const broken = new Set<string>();
    const port = await serve((request, response) => {
      const { url = '' } = request;
      if (!url.endsWith('1.ts') || broken.has(url)) return give(request, response);
      broken.add(url);
      const content = readFileSync(join(folder, url.slice(1)));
      response.setHeader('content-length', content.length);
      response.write(content.subarray(0, 1000), () => response.destroy());
    });
    expect(await read(`http://public.test:${port}/ts.m3u8`, 'hls')).toEqual(seconds);
    expect(broken.size).toBe(1);
  });

  it('knows how long it is, and that it grows', async () => {
    const whole = readFileSync(join(folder, 'ts.m3u8'), 'utf8');
    const port = await serve(files({ 'live.m3u8': whole.replace('#EXT-X-ENDLIST', '') }));
    expect((await openRelay(`http://public.test:${port}/ts.m3u8`, 'hls')).durationSeconds).toBeCloseTo(6);
    expect((await openRelay(`http://public.test:${port}/live.m3u8`, 'hls')).durationSeconds).toBeUndefined();
  });

  // ffmpeg's https needs a protocol by this name, which a playlist could use to get past the filter.
  const places = [
    'httpproxy',
    'tcp',
    'http',
    'https',
    'crypto:tcp',
    'crypto+httpproxy',
    'udp',
    'rtmp',
    'subfile,,start,0,end,9,,:tcp',
  ];
  const listed: Readonly<Record<string, (address: string) => string>> = {
    piece: (address) => `#EXTINF:2,\n${address}\n`,
    variant: (address) => `#EXT-X-STREAM-INF:BANDWIDTH=1\n${address}\n`,
    key: (address) => `#EXT-X-KEY:METHOD=AES-128,URI="${address}"\n#EXTINF:2,\nts0.ts\n`,
    head: (address) => `#EXT-X-MAP:URI="${address}"\n#EXTINF:2,\nts0.ts\n`,
  };
  it.each(Object.keys(listed))('does not reach this machine by naming it as a %s', async (place) => {
    const made: Record<string, string> = {};
    for (const [i, protocol] of places.entries()) {
      const text = listed[place](`${protocol}://127.0.0.1:${secretPort}/a.ts`);
      made[`${i}.m3u8`] = `#EXTM3U\n#EXT-X-TARGETDURATION:2\n${text}#EXT-X-ENDLIST\n`;
    }
    const port = await serve(files(made));
    for (const i of places.keys()) {
      const reading = read(`http://public.test:${port}/${i}.m3u8`, 'hls');
      await expect(reading, places[i]).rejects.toMatchObject({ exitCode: 3, code: /^URL_|PLAYLIST/ });
    }
  });

  it('does not come to ffmpeg in pieces that make up another playlist', async () => {
    const inner = `#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\ntcp://127.0.0.1:${secretPort}/\n`;
    const tagged = Buffer.concat([
      Buffer.from('ID3\x04\x00\x00\x00\x00\x00\x04abcd', 'latin1'),
      Buffer.from(inner),
    ]);
    const list = '#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:2,\n0.m3u8\n#EXTINF:2,\n1.m3u8\n#EXT-X-ENDLIST\n';
    const halves = { '0.m3u8': inner.slice(0, 3), '1.m3u8': inner.slice(3) };
    for (const made of [halves, { '0.m3u8': tagged, '1.m3u8': '' }]) {
      const port = await serve(files({ 'a.m3u8': list, ...made }));
      await expect(read(`http://public.test:${port}/a.m3u8`, 'hls')).rejects.toMatchObject({ exitCode: 3 });
    }
  });

  it('does not wait for one that comes a byte at a time, nor for what a redirect says', async () => {
    const port = await serve(({ url }, response) => {
      if (url === '/moved') response.writeHead(302, { location: '/a.m3u8' });
      const drip = setInterval(() => response.write('#EXTM3U\n'), 50);
      response.on('close', () => clearInterval(drip));
    });
    const client = publicClient();
    closing.push(client.close);
    const opening = openHls(client, `http://public.test:${port}/moved`, signal, { playlistMs: 1000 });
    await expect(opening).rejects.toMatchObject({
      code: 'URL_TIMEOUT',
      message: expect.stringContaining('/moved did not arrive within 1 s') as string,
    });
  });

  it('does not wait for a piece that comes a byte at a time, but lets its reader take its time', async () => {
    const list = '#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:0.01,\npiece.ts\n#EXT-X-ENDLIST\n';
    const port = await serve(({ url = '' }, response) => {
      const [, folder] = url.split('/');
      if (url.endsWith('.m3u8')) return void response.end(list);
      response.write('a');
      if (folder === 'whole') return void setTimeout(() => response.end('b'), 20);
      const drip = setInterval(() => response.write('a'), 20);
      response.on('close', () => clearInterval(drip));
    });
    const client = publicClient();
    closing.push(client.close);
    const readSlowly = async (name: string): Promise<string> => {
      const address = `http://public.test:${port}/${name}/a.m3u8`;
      const { read: pieces } = await openHls(client, address, signal, { pieceMs: 1000 });
      let text = '';
      for await (const chunk of pieces(signal)) {
        text += chunk.toString();
        if (name === 'whole') await new Promise((settle) => setTimeout(settle, 1500));
      }
      return text;
    };
    await expect(readSlowly('dripping')).rejects.toMatchObject({
      code: 'URL_TIMEOUT',
      message: expect.stringContaining('/dripping/piece.ts did not arrive within 1 s') as string,
    });
    expect(await readSlowly('whole')).toBe('ab');
  });

  it('says that its key is damaged', async () => {
    const key = '#EXT-X-KEY:METHOD=AES-128,URI="data:text/plain,%E0%A4%A"\n';
    const list = `#EXTM3U\n${key}#EXTINF:2,\nts0.ts\n#EXT-X-ENDLIST\n`;
    const port = await serve(files({ 'a.m3u8': list }));
    await expect(read(`http://public.test:${port}/a.m3u8`, 'hls')).rejects.toMatchObject({
      code: 'PLAYLIST_UNREADABLE',
      message: expect.stringContaining('The key data:text/plain') as string,
    });
  });

  it('says that it is encrypted for its own players', async () => {
    const list = '#EXTM3U\n#EXT-X-KEY:METHOD=SAMPLE-AES,URI="skd://x"\n#EXTINF:2,\nts0.ts\n#EXT-X-ENDLIST\n';
    const port = await serve(files({ 'a.m3u8': list }));
    await expect(read(`http://public.test:${port}/a.m3u8`, 'hls')).rejects.toMatchObject({
      code: 'PLAYLIST_UNREADABLE',
      message: expect.stringContaining('encrypted') as string,
    });
  });
});

it('a description by DASH is told not to be read, whatever type its server gives', async () => {
  const mpd = '<?xml version="1.0"?>\n<!-- made -->\n<MPD xmlns="urn:mpeg:dash:schema:mpd:2011"></MPD>';
  for (const type of ['application/dash+xml', 'text/xml', 'application/octet-stream']) {
    const port = await serve((_, response) => void response.setHeader('content-type', type).end(mpd));
    await expect(fetchMedia(`http://127.0.0.1:${port}/a`, { allowsPrivate: true })).rejects.toMatchObject({
      code: 'PLAYLIST_UNREADABLE',
      message: expect.stringContaining('DASH') as string,
    });
  }
});

describe('the relay', () => {
  it.each(['http://127.0.0.1/', 'http://public.test/', '/', 'http://localhost/a.ts'])(
    'gives nothing for %s',
    async (url) => {
      const port = await serve((_, response) => void response.end('here'));
      const relay = await openRelay(`http://public.test:${port}/a.mp4`);
      const { hostname, port: relayPort } = new URL(relay.proxyUrl);
      const status = await new Promise((done) => {
        get({ hostname, port: relayPort, path: url, agent: false }, ({ statusCode }) => done(statusCode));
      });
      expect(status).toBe(403);
    },
  );

  it('is closed while a video comes, which is no failure', async () => {
    const port = await serve((_, response) => void response.write('begins, and never ends'));
    const relay = await openRelay(`http://public.test:${port}/a.mp4`);
    const { hostname, port: relayPort } = new URL(relay.proxyUrl);
    const broken = new Promise((done) => {
      get({ hostname, port: relayPort, path: relay.address, agent: false }, (answer) => {
        answer.on('error', done).once('data', () => void relay.close());
      });
    });
    await broken;
    await closing.pop()!();
    expect(relay.findFailure()).toBeUndefined();
  });

  it.each([
    [new DOMException('Aborted.', 'AbortError'), 'CANCELLED'],
    [new DOMException('Late.', 'TimeoutError'), 'URL_TIMEOUT'],
    [new DOMException('No.', 'DataCloneError'), 'URL_FAILED'],
    [undefined, 'URL_FAILED'],
  ])('says what %s is', (error, code) => {
    expect(toPaliError(error, 'http://public.test/', 1000)).toMatchObject({ code });
  });
});
