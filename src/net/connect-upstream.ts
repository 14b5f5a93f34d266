import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { InputError, NetworkError } from '../base/errors.js';
import { checkKnownHost, checkNumberHost, type createPublicLookup } from './public-address.js';
import { readHttpHead } from './read-http-head.js';

/** A server that does not accept a connection within this time is taken as down, milliseconds. */
const CONNECT_MS = 20_000;

/** Where a connection is to lead. */
export interface UpstreamTarget {
  /** Without brackets. */
  readonly host: string;
  readonly port: number;
  /** It carries TLS or anything else opaque to those on the way: proxies get a CONNECT. */
  readonly isTunnel: boolean;
}

/** How to get there. */
export interface UpstreamRoute {
  /** Gives public addresses only; absent where all are allowed. */
  readonly lookup?: ReturnType<typeof createPublicLookup> | undefined;
  /** A proxy of the environment. It resolves the host itself, so what it connects to is checked as fetchMedia does. */
  readonly proxy?: URL | undefined;
  /** Called with the socket as soon as there is one. */
  readonly keep: (socket: Socket) => void;
}

/**
 * Connect to a host, or to the proxy that leads there; a tunnel is ready for its first bytes.
 * @throws {InputError} the host is private. {NetworkError} the proxy refuses. Otherwise the system's error.
 */
export async function connectUpstream(target: UpstreamTarget, route: UpstreamRoute): Promise<Socket> {
  const { host, port, isTunnel } = target;
  const { lookup, proxy, keep } = route;
  if (lookup !== undefined) {
    checkNumberHost(host);
    if (proxy !== undefined) await checkKnownHost(host);
  }
  const options = { host, port, allowHalfOpen: true };
  const socket = proxy === undefined ? connect({ ...options, lookup }) : openProxySocket(proxy);
  keep(socket);
  const deadline = setTimeout(() => socket.destroy(new Error('timed out')), CONNECT_MS);
  try {
    await once(socket, proxy?.protocol === 'https:' ? 'secureConnect' : 'connect');
    if (proxy !== undefined && isTunnel) await openTunnel(socket, proxy, host, port);
  } catch (cause) {
    if (cause instanceof InputError || cause instanceof NetworkError || proxy === undefined) throw cause;
    throw new NetworkError('URL_FAILED', `The proxy ${proxy.host} does not answer.`, {
      hint: PROXY_HINT,
      cause,
    });
  } finally {
    clearTimeout(deadline);
  }
  return socket;
}

/** The header that authenticates us to a proxy, when its address holds a name and a password. */
export function authorizeProxy({ username, password }: URL): string[] {
  if (username === '') return [];
  const name = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return [`Proxy-Authorization: Basic ${Buffer.from(name).toString('base64')}`];
}

const PROXY_HINT = 'Check HTTPS_PROXY and HTTP_PROXY, or name the host in NO_PROXY.';

function openProxySocket(proxy: URL): Socket {
  const host = proxy.hostname.replace(/^\[|\]$/g, '');
  const isTls = proxy.protocol === 'https:';
  const options = { host, port: Number(proxy.port || (isTls ? 443 : 80)), allowHalfOpen: true };
  // A numeric address is not a name in a certificate.
  return isTls
    ? connectTls({ ...options, ...(/[a-z]/i.test(host) ? { servername: host } : {}) })
    : connect(options);
}

async function openTunnel(socket: Socket, proxy: URL, host: string, port: number): Promise<void> {
  const target = `${host.includes(':') ? `[${host}]` : host}:${port}`;
  const lines = [`CONNECT ${target} HTTP/1.1`, `Host: ${target}`, ...authorizeProxy(proxy)];
  socket.write(`${lines.join('\r\n')}\r\n\r\n`);
  const { head, rest } = await readHttpHead(socket);
  const status = /^HTTP\/1\.\d (\d{3})/.exec(head)?.[1] ?? 'nothing that can be read';
  if (!status.startsWith('2')) {
    throw new NetworkError('URL_FAILED', `The proxy does not lead to ${target}: it answered ${status}.`, {
      hint: PROXY_HINT,
    });
  }
  if (rest.length > 0) socket.unshift(rest);
}
