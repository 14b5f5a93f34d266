import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { PaliError } from '../../base/errors.js';
import { hidePassword } from '../../base/hide-password.js';
import { toPaliError } from '../describe-fetch-error.js';
import { STALL_MS } from '../fetch-media.js';
import { checkNumberHost, createPublicLookup } from '../public-address.js';
import type { Login } from './authorize.js';
import { RtspLink } from './rtsp-link.js';

const PORTS = { 'rtsp:': 554, 'rtsps:': 322 } as const;

/** A camera or server for ffmpeg, by way of this program. */
export interface RtspRelay {
  /** What ffmpeg is to open. */
  readonly address: string;
  /** Why it could not be read, if that happened. */
  readonly findFailure: () => PaliError | undefined;
  /** End it and every connection through it. */
  readonly close: () => Promise<void>;
}

/** Where it may lead. */
export interface RtspRelayOptions {
  /** Also to this machine and its network. */
  readonly allowsPrivate: boolean;
  /** Silence for this long ends it, milliseconds; smaller in tests. */
  readonly stallMs?: number;
  /** Replaced in tests; the system's otherwise. */
  readonly lookup?: ReturnType<typeof createPublicLookup>;
}

/**
 * Open a server on this machine that leads to one server of RTSP and to no other: ffmpeg follows redirects to any
 * address, and resolves names once more after they were checked. The connection is made to the address that was
 * checked; names and passwords stay in this process.
 *
 * @param url rtsp or rtsps.
 */
export async function openRtspRelay(url: string, options: RtspRelayOptions): Promise<RtspRelay> {
  const { stallMs = STALL_MS } = options;
  const parsed = new URL(url);
  const sockets = new Set<Socket>();
  let failure: PaliError | undefined;
  const keep = (socket: Socket): void => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    // A broken connection shows as the end of the other one.
    socket.on('error', () => undefined);
  };
  const login = loginOf(parsed);
  const token = `/${randomBytes(12).toString('hex')}`;
  const server = createServer((client) => {
    keep(client);
    connectServer(parsed, options, keep)
      .then((upstream) => {
        const ownBase = `${baseUrl()}${token}`;
        const realBase = `${parsed.protocol}//${parsed.host}`;
        const onFailure = (error: PaliError): void => void (failure ??= error);
        new RtspLink({ client, server: upstream, ownBase, realBase, login, stallMs, onFailure });
      })
      .catch((error: unknown) => {
        failure ??= toPaliError(error, hidePassword(url), stallMs);
        client.destroy();
      });
  });
  const baseUrl = (): string => `rtsp://127.0.0.1:${(server.address() as AddressInfo).port}`;
  await new Promise<void>((listening, failed) => {
    server.once('error', failed).listen(0, '127.0.0.1', listening);
  });
  // The work keeps the program alive, not its relay.
  server.unref();
  return {
    address: `${baseUrl()}${token}${parsed.pathname}${parsed.search}`,
    findFailure: () => failure,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((closed) => server.close(closed));
    },
  };
}

async function connectServer(
  { protocol, hostname, port }: URL,
  { allowsPrivate, stallMs = STALL_MS, lookup = createPublicLookup() }: RtspRelayOptions,
  keep: (socket: Socket) => void,
): Promise<Socket> {
  const host = hostname.replace(/^\[|\]$/g, '');
  if (!allowsPrivate) checkNumberHost(host);
  const isTls = protocol === 'rtsps:';
  const target = {
    host,
    port: Number(port) || PORTS[isTls ? 'rtsps:' : 'rtsp:'],
    ...(allowsPrivate ? {} : { lookup }),
  };
  // Cameras sign their certificates themselves.
  const name = /[a-z]/i.test(host) && !host.includes(':') ? { servername: host } : {};
  const socket = isTls ? connectTls({ ...target, ...name, rejectUnauthorized: false }) : connect(target);
  keep(socket);
  const late = Object.assign(new Error('It does not answer.'), { code: 'TIMEOUT' });
  const deadline = setTimeout(() => socket.destroy(late), stallMs);
  try {
    await once(socket, isTls ? 'secureConnect' : 'connect');
  } finally {
    clearTimeout(deadline);
  }
  return socket;
}

function loginOf({ username, password }: URL): Login | undefined {
  if (username === '' && password === '') return undefined;
  return { name: decodeSafely(username), password: decodeSafely(password) };
}

/** A password may contain a plain percent sign. */
function decodeSafely(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
