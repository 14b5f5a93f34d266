import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { pipeline } from 'node:stream';
import { InputError } from '../base/errors.js';
import { createPublicLookup, isPublicAddress, privateAddress } from './public-address.js';

/** Longest head of a request, bytes: as servers take. */
const MAX_HEAD_BYTES = 16 * 1024;
/** A server that does not take a connection in this time is not there, milliseconds. */
const CONNECT_MS = 20_000;

/** A proxy on this machine that leads to public addresses only. */
export interface GuardProxy {
  /** For ffmpeg's environment. */
  readonly url: string;
  /** The first address that it refused. */
  readonly findRefusal: () => InputError | undefined;
  /** End it and every connection through it. */
  readonly close: () => Promise<void>;
}

/**
 * Open a proxy for http and https (by CONNECT). ffmpeg follows redirects and what playlists name by itself; behind
 * this proxy each of these connections is checked as those to pictures are, and made to the address that was checked.
 */
export async function openGuardProxy(lookup = createPublicLookup()): Promise<GuardProxy> {
  const sockets = new Set<Socket>();
  let refusal: InputError | undefined;
  const keep = (socket: Socket): void => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    // A connection that breaks is told by the other one's end.
    socket.on('error', () => undefined);
  };
  const server = createServer({ allowHalfOpen: true }, (client) => {
    keep(client);
    readHead(client, (head, rest) => {
      const request = parseRequest(head);
      if (request === undefined) return answer(client, '400 Bad Request');
      const upstream = openConnection(request, lookup, (error) => {
        if (error instanceof InputError) refusal ??= error;
        answer(client, error instanceof InputError ? '403 Forbidden' : '502 Bad Gateway');
      });
      if (upstream === undefined) return;
      keep(upstream);
      upstream.once('connect', () => {
        if (request.head === undefined) client.write('HTTP/1.1 200 Connection established\r\n\r\n');
        else upstream.write(request.head);
        upstream.write(rest);
        pipeline(client, upstream, client, () => undefined);
      });
    });
  });
  await new Promise<void>((listening, failed) => {
    server.once('error', failed).listen(0, '127.0.0.1', listening);
  });
  // The work keeps the program alive, not its proxy.
  server.unref();
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    findRefusal: () => refusal,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((closed) => server.close(closed));
    },
  };
}

interface ProxyRequest {
  readonly host: string;
  readonly port: number;
  /** To send on; absent for CONNECT. */
  readonly head?: string;
}

function readHead(client: Socket, onHead: (head: string, rest: Buffer) => void): void {
  let bytes = Buffer.alloc(0);
  client.on('data', function take(chunk: Buffer) {
    bytes = Buffer.concat([bytes, chunk]);
    const end = bytes.indexOf('\r\n\r\n');
    if (end < 0 && bytes.length <= MAX_HEAD_BYTES) return;
    client.off('data', take);
    client.pause();
    if (end < 0 || end > MAX_HEAD_BYTES) answer(client, '431 Request Header Fields Too Large');
    else onHead(bytes.toString('latin1', 0, end), bytes.subarray(end + 4));
  });
}

/** `CONNECT host:443` or `GET http://host/path`; the connection then ends with the answer. */
function parseRequest(head: string): ProxyRequest | undefined {
  const [first, ...fields] = head.split('\r\n');
  const [method, target = '', version] = first.split(' ');
  if (version === undefined) return undefined;
  const isConnect = method === 'CONNECT';
  const address = isConnect ? `https://${target}` : target;
  if (!URL.canParse(address)) return undefined;
  const url = new URL(address);
  if (!isConnect && url.protocol !== 'http:') return undefined;
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const port = Number(url.port || (isConnect ? 443 : 80));
  if (isConnect) return { host, port };
  const kept = fields.filter((field) => !/^(connection|proxy-[\w-]+|keep-alive):/i.test(field));
  const lines = [`${method} ${url.pathname}${url.search} ${version}`, ...kept, 'Connection: close'];
  return { host, port, head: `${lines.join('\r\n')}\r\n\r\n` };
}

/** A host given as a number is connected to without a lookup, so it is checked here. */
function openConnection(
  { host, port }: ProxyRequest,
  lookup: ReturnType<typeof createPublicLookup>,
  onFailure: (error: Error) => void,
): Socket | undefined {
  const isNumber = host.includes(':') || /^[\d.]+$/.test(host);
  if (isNumber && !isPublicAddress(host)) {
    onFailure(privateAddress(host));
    return undefined;
  }
  const upstream = connect({ host, port, lookup, allowHalfOpen: true });
  const timer = setTimeout(() => upstream.destroy(new Error('timed out')), CONNECT_MS);
  upstream.once('connect', () => {
    clearTimeout(timer);
    upstream.off('error', onFailure);
  });
  upstream.once('close', () => clearTimeout(timer));
  upstream.once('error', onFailure);
  return upstream;
}

function answer(client: Socket, status: string): void {
  client.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
  // What is still to come must be read before the connection can end.
  client.resume();
}
