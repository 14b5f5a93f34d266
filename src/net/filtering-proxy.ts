import { createServer, type AddressInfo, type Socket } from 'node:net';
import { pipeline } from 'node:stream';
import { InputError, PaliError } from '../base/errors.js';
import type { ProxySettings } from '../hub/proxy-settings.js';
import { chooseProxy } from './choose-proxy.js';
import { authorizeProxy, connectUpstream, type UpstreamTarget } from './connect-upstream.js';
import { createPublicLookup } from './public-address.js';
import { readHttpHead } from './read-http-head.js';

/** A proxy on this machine that leads only where ffmpeg may go. */
export interface GuardProxy {
  /** For ffmpeg's environment. */
  readonly url: string;
  /** Why the first connection that it refused was refused. */
  readonly findRefusal: () => PaliError | undefined;
  /** End it and every connection through it. */
  readonly close: () => Promise<void>;
}

/** Where it leads, and which way. */
export interface GuardOptions {
  /** Also to private addresses. */
  readonly allowsPrivate?: boolean;
  /** The environment's proxies, which it uses itself. */
  readonly proxies?: ProxySettings | undefined;
  /** Replaced in tests; the system's otherwise. */
  readonly lookup?: ReturnType<typeof createPublicLookup>;
}

/**
 * Open a proxy for http and https (by CONNECT). ffmpeg follows redirects and what playlists name by itself; behind
 * this proxy each of these connections is checked like those for pictures, and made to the address that was checked,
 * or through the environment's proxy, which ffmpeg supports only in part.
 */
export async function openGuardProxy(options: GuardOptions = {}): Promise<GuardProxy> {
  const { allowsPrivate = false, proxies, lookup = createPublicLookup() } = options;
  const sockets = new Set<Socket>();
  let refusal: PaliError | undefined;
  const keep = (socket: Socket): void => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    // A broken connection shows as the end of the other one.
    socket.on('error', () => undefined);
  };
  const serve = async (client: Socket): Promise<void> => {
    const received = await readHttpHead(client).catch(() => undefined);
    if (received === undefined) return answer(client, '431 Request Header Fields Too Large');
    const request = parseRequest(received.head);
    if (request === undefined) return answer(client, '400 Bad Request');
    const { host, port, isTunnel } = request;
    const proxy = chooseProxy({ protocol: isTunnel ? 'https' : 'http', host, port }, proxies);
    try {
      const upstream = await connectUpstream(request, {
        lookup: allowsPrivate ? undefined : lookup,
        proxy,
        keep,
      });
      if (isTunnel) client.write('HTTP/1.1 200 Connection established\r\n\r\n');
      else upstream.write(writeHead(request, proxy));
      upstream.write(received.rest);
      pipeline(client, upstream, client, () => undefined);
    } catch (error) {
      if (error instanceof PaliError) refusal ??= error;
      answer(client, error instanceof InputError ? '403 Forbidden' : '502 Bad Gateway');
    }
  };
  const server = createServer({ allowHalfOpen: true }, (client) => {
    keep(client);
    void serve(client);
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

interface ProxyRequest extends UpstreamTarget {
  readonly url: URL;
  readonly method: string;
  readonly version: string;
  /** Headers that are passed on. */
  readonly fields: readonly string[];
}

/** `CONNECT host:443` or `GET http://host/path`. */
function parseRequest(head: string): ProxyRequest | undefined {
  const [first, ...all] = head.split('\r\n');
  const [method, target = '', version] = first.split(' ');
  if (version === undefined) return undefined;
  const isTunnel = method === 'CONNECT';
  const address = isTunnel ? `https://${target}` : target;
  if (!URL.canParse(address)) return undefined;
  const url = new URL(address);
  if (!isTunnel && url.protocol !== 'http:') return undefined;
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const port = Number(url.port || (isTunnel ? 443 : 80));
  const fields = all.filter((field) => !/^(connection|proxy-[\w-]+|keep-alive):/i.test(field));
  return { host, port, isTunnel, url, method, version, fields };
}

/** The request as a server wants it, or the next proxy; the connection ends with its answer. */
function writeHead({ url, method, version, fields }: ProxyRequest, proxy: URL | undefined): string {
  const path = `${url.pathname}${url.search}`;
  const target = proxy === undefined ? path : `http://${url.host}${path}`;
  const own = [...(proxy === undefined ? [] : authorizeProxy(proxy)), 'Connection: close'];
  return `${[`${method} ${target} ${version}`, ...fields, ...own].join('\r\n')}\r\n\r\n`;
}

function answer(client: Socket, status: string): void {
  client.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
  // The rest must be read before the connection can end.
  client.resume();
}
