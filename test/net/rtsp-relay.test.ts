import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { promisify } from 'node:util';
import { afterEach, describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { fixturePath } from '../../fixtures/index.js';
import { authorize } from '../../src/net/rtsp/authorize.js';
import { openRtspRelay } from '../../src/net/rtsp/rtsp-relay.js';
import { RtspSplitter, writeMessage, type RtspItem } from '../../src/net/rtsp/rtsp-splitter.js';
import { findFfmpeg } from '../../src/video/ffmpeg/find-ffmpeg.js';
import { rtspSource } from '../../src/video/source/network-source.js';
import { probeSource } from '../../src/video/probe/probe-video.js';
import { serveRtsp } from '../support/rtsp-server.js';

const signal = new AbortController().signal;
const closing: (() => Promise<unknown> | void)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** A server that answers each request with what `reply` makes of its method; gives its port and what it heard. */
async function serve(
  reply: (method: string, socket: Socket) => string,
): Promise<{ port: number; heard: string[] }> {
  const heard: string[] = [];
  const server = createServer((socket) => {
    let said = '';
    closing.push(() => void socket.destroy());
    socket.on('error', () => undefined);
    socket.setEncoding('latin1').on('data', (text: string) => {
      said += text;
      for (let end = said.indexOf('\r\n\r\n'); end >= 0; end = said.indexOf('\r\n\r\n')) {
        const request = said.slice(0, end);
        said = said.slice(end + 4);
        heard.push(request);
        const number = /CSeq: *(\d+)/i.exec(request)?.[1] ?? '0';
        socket.write(reply(request.split(' ')[0], socket).replace('@', number), 'latin1');
      }
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  closing.push(() => void server.close());
  return { port: (server.address() as AddressInfo).port, heard };
}

async function probe(url: string, allowsPrivate = true): Promise<unknown> {
  const relay = await openRtspRelay(url, { allowsPrivate });
  closing.push(relay.close);
  return probeSource(rtspSource(url, relay), signal);
}

const ok = 'RTSP/1.0 200 OK\r\nCSeq: @\r\nPublic: OPTIONS, DESCRIBE, SETUP, PLAY, TEARDOWN\r\n\r\n';

describe('a camera in the network', () => {
  it.each(['OPTIONS', 'DESCRIBE', 'SETUP', 'PLAY'])(
    'does not lead elsewhere when asked for %s',
    async (when) => {
      let calls = 0;
      const other = createServer((socket) => (calls++, socket.destroy()));
      await once(other.listen(0, '127.0.0.1'), 'listening');
      closing.push(() => void other.close());
      const location = `rtsp://127.0.0.1:${(other.address() as AddressInfo).port}/secret`;
      const body = 'v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\ns=x\r\nt=0 0\r\nm=video 0 RTP/AVP 26\r\n';
      const { port, heard } = await serve((method) => {
        if (method === when) return `RTSP/1.0 302 Moved\r\nCSeq: @\r\nLocation: ${location}\r\n\r\n`;
        if (method === 'SETUP')
          return 'RTSP/1.0 200 OK\r\nCSeq: @\r\nSession: 1\r\nTransport: RTP/AVP/TCP;unicast;interleaved=0-1\r\n\r\n';
        if (method !== 'DESCRIBE') return ok;
        return `RTSP/1.0 200 OK\r\nCSeq: @\r\nContent-Type: application/sdp\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
      });
      await expect(probe(`rtsp://127.0.0.1:${port}/camera`)).rejects.toMatchObject({
        code: 'URL_UNREADABLE',
        message: `The server leads to another address: to ${location}.`,
      });
      expect(heard.some((request) => request.startsWith(when))).toBe(true);
      expect(calls).toBe(0);
    },
  );

  // ffmpeg skips carriage returns, takes the last length, and data between lines.
  it.each([
    'RTSP/1.0 20\r0 OK\r\nCSeq: @\r\n\r\n',
    'R\rTSP/1.0 302 Moved\r\nCSeq: @\r\nLocation: LOCATION\r\n\r\n',
    'RTSP/1.0 200 OK\r\nCSeq: @\r\n$\x00\x00\x02abRTSP/1.0 302 Moved\r\nLocation: LOCATION\r\n\r\n',
    'RTSP/1.0 200 OK\r\nCSeq: @\r\nContent-Length: 70\r\nContent-Length: 0\r\n\r\nRTSP/1.0 302 Moved\r\nLocation: LOCATION\r\n\r\n',
    'RTSP/1.0 +302 Moved\r\nCSeq: @\r\nLocation: LOCATION\r\n\r\n',
    'RTSP/1.0 0302 Moved\r\nCSeq: @\r\nLocation: LOCATION\r\n\r\n',
    'RTSP/1.0\t302 Moved\r\nCSeq: @\r\nLocation: LOCATION\r\n\r\n',
    ' RTSP/1.0 302 Moved\r\nCSeq: @\r\nLocation: LOCATION\r\n\r\n',
    'RTSP/1.0 302 Moved\nCSeq: @\nLocation: LOCATION\n\n',
  ])('does not lead elsewhere by saying so oddly: %j', async (answer) => {
    let calls = 0;
    const other = createServer((socket) => (calls++, socket.destroy()));
    await once(other.listen(0, '127.0.0.1'), 'listening');
    closing.push(() => void other.close());
    const location = `rtsp://127.0.0.1:${(other.address() as AddressInfo).port}/`;
    const { port } = await serve((_, socket) => {
      setTimeout(() => socket.end(), 200);
      return answer.replace('LOCATION', location);
    });
    await expect(probe(`rtsp://127.0.0.1:${port}/camera`)).rejects.toMatchObject({ exitCode: 3 });
    expect(calls).toBe(0);
  });

  it('that asks for a password gets it, which ffmpeg is not told', async () => {
    const challenge =
      'WWW-Authenticate: Digest realm="cam", nonce="n", qop="auth"\r\nWWW-Authenticate: Basic realm="cam"';
    let isAsked = false;
    const { port, heard } = await serve((method) => {
      if (isAsked) return method === 'OPTIONS' ? ok : 'RTSP/1.0 404 Not Found\r\nCSeq: @\r\n\r\n';
      isAsked = true;
      return `RTSP/1.0 401 Unauthorized\r\nCSeq: @\r\n${challenge}\r\n\r\n`;
    });
    const url = `rtsp://me:se%20cret@127.0.0.1:${port}/camera`;
    const relay = await openRtspRelay(url, { allowsPrivate: true });
    closing.push(relay.close);
    expect(relay.address).not.toMatch(/@|se%20cret/);
    await expect(probe(url)).rejects.toThrow(/There is nothing at rtsp:\/\/me:\*\*\*@/);
    const real = `rtsp://127.0.0.1:${port}/camera`;
    expect(heard.map((request) => request.split('\r\n')[0])).toEqual([
      `OPTIONS ${real} RTSP/1.0`,
      `OPTIONS ${real} RTSP/1.0`,
      `DESCRIBE ${real} RTSP/1.0`,
    ]);
    expect(heard.map((request) => /CSeq: (\d+)/.exec(request)?.[1])).toEqual(['1', '2', '3']);
    const [, cnonce, response] = [/cnonce="(\w+)"/, /response="(\w+)"/].reduce<string[]>(
      (found, pattern) => [...found, pattern.exec(heard[1])?.[1] ?? ''],
      [''],
    );
    const md5 = (text: string): string => createHash('md5').update(text).digest('hex');
    const secret = md5('me:cam:se cret');
    expect(response).toBe(md5(`${secret}:n:00000001:${cnonce}:auth:${md5(`OPTIONS:${real}`)}`));
  });

  it('with a wrong password is told to need another', async () => {
    const { port } = await serve(
      () => 'RTSP/1.0 401 Unauthorized\r\nCSeq: @\r\nWWW-Authenticate: Basic realm="x"\r\n\r\n',
    );
    await expect(probe(`rtsp://me:wrong@127.0.0.1:${port}/`)).rejects.toThrow(
      /asks for a name and a password/,
    );
  });

  it('that sends over UDP alone is told to need another way', async () => {
    const body = 'v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\ns=x\r\nt=0 0\r\nm=video 0 RTP/AVP 26\r\n';
    const { port } = await serve((method) => {
      if (method === 'SETUP') return 'RTSP/1.0 461 Unsupported Transport\r\nCSeq: @\r\n\r\n';
      if (method !== 'DESCRIBE') return ok;
      return `RTSP/1.0 200 OK\r\nCSeq: @\r\nContent-Type: application/sdp\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
    });
    await expect(probe(`rtsp://127.0.0.1:${port}/`)).rejects.toThrow(/over UDP only/);
  });

  it('may not be one of this machine, whatever its name', async () => {
    const { port, heard } = await serve(() => ok);
    for (const host of ['127.0.0.1', 'localhost', '[::1]', '0x7f.1']) {
      const reading = probe(`rtsp://${host}:${port}/`, false);
      await expect(reading, host).rejects.toMatchObject({ code: 'URL_PRIVATE' });
    }
    expect(heard).toEqual([]);
  });

  it('is not reached by other programs of this machine', async () => {
    const camera = await serveRtsp(fixturePath('video', 'title.mp4'));
    closing.push(camera.close);
    const relay = await openRtspRelay(camera.url, { allowsPrivate: true });
    closing.push(relay.close);
    const { ffprobePath } = await findFfmpeg();
    const guessed = relay.address.replace(/\/[0-9a-f]{24}\//, '/');
    const args = ['-v', 'error', '-rtsp_transport', 'tcp', guessed];
    await expect(promisify(execFile)(ffprobePath, args)).rejects.toThrow();
  });
});

describe('RtspSplitter', () => {
  it('gives the same, however the bytes come', () => {
    const message = {
      first: 'DESCRIBE rtsp://x/ RTSP/1.0',
      fields: ['CSeq: 1'],
      body: Buffer.from('v=0\r\n\r\n$'),
    };
    const data = Buffer.from([0x24, 0, 0, 3, 1, 0x24, 3]);
    const bytes = Buffer.concat([
      writeMessage(message),
      data,
      writeMessage({ ...message, body: Buffer.alloc(0) }),
      data,
    ]);
    const whole: RtspItem[] = new RtspSplitter().add(bytes);
    expect(whole).toEqual([
      { message },
      { data },
      { message: { ...message, body: Buffer.alloc(0) } },
      { data },
    ]);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: bytes.length })), (cuts) => {
        const splitter = new RtspSplitter();
        const places = [0, ...cuts.sort((a, b) => a - b), bytes.length];
        const items = places.slice(1).flatMap((end, i) => splitter.add(bytes.subarray(places[i], end)));
        expect(items).toEqual(whole);
      }),
    );
  });

  it('refuses messages without end', () => {
    expect(() => new RtspSplitter().add(Buffer.alloc(20_000, 'a'))).toThrow(RangeError);
    expect(() => new RtspSplitter().add(Buffer.from('A B C\r\nContent-Length: 99999999\r\n\r\n'))).toThrow(
      RangeError,
    );
  });
});

it('authorize takes Basic where it knows no other', () => {
  const request = { method: 'OPTIONS', url: 'rtsp://x/' };
  const login = { name: 'me', password: 'p' };
  expect(authorize(['Digest realm="x", algorithm=SHA-512', 'Basic realm="x"'], login, request)).toBe(
    'Basic bWU6cA==',
  );
  expect(authorize(['Negotiate'], login, request)).toBeUndefined();
});
