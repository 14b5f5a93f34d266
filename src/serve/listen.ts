import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { chmod } from 'node:fs/promises';
import { createAdaptorServer } from '@hono/node-server';
import { UsageError } from '../base/errors.js';
import { whyUnwritable } from '../base/files/unwritable.js';
import { endSlowClients } from './end-slow-clients.js';
import type { App } from './serve-context.js';
import { removeSocket } from './socket-path.js';

/** Where to listen. */
export type ListenAddress =
  { readonly host: string; readonly port: number } | { readonly socketPath: string };

/** A socket that accepts requests. */
export interface Listener {
  /** Undefined for a Unix socket. */
  readonly url: string | undefined;
  /** Accept no more connections. Settles when all are closed. */
  stopAccepting(): Promise<void>;
  /** Break off the remaining connections. */
  close(): Promise<void>;
}

/** @throws {UsageError} the address is taken or cannot be used. */
export async function listen(app: App, address: ListenAddress, silenceMs?: number): Promise<Listener> {
  const isUnixSocket = 'socketPath' in address;
  const server = createAdaptorServer({
    fetch: (request, env) => app.fetch(request, { ...env, isUnixSocket }),
    overrideGlobalObjects: false,
  }) as Server;
  endSlowClients(server, silenceMs);
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(describeNoListen(error, address)));
    const ready = (): void => resolve();
    if (isUnixSocket) server.listen(address.socketPath, ready);
    else server.listen(address.port, address.host, ready);
  });
  // Later socket errors are reported by the requests that they break.
  server.on('error', () => undefined);
  if (isUnixSocket) await chmod(address.socketPath, 0o600);
  let stopping: Promise<void> | undefined;
  const stopAccepting = (): Promise<void> => {
    stopping ??= new Promise((resolve) => server.close(() => resolve()));
    server.closeIdleConnections();
    return stopping;
  };
  return {
    url: isUnixSocket ? undefined : toUrl(address.host, (server.address() as AddressInfo).port),
    stopAccepting,
    close: async () => {
      const stopped = stopAccepting();
      server.closeAllConnections();
      await stopped;
      if (isUnixSocket) await removeSocket(address.socketPath);
    },
  };
}

function toUrl(host: string, port: number): string {
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

function describeNoListen(error: NodeJS.ErrnoException, address: ListenAddress): UsageError {
  const place = 'socketPath' in address ? address.socketPath : `${address.host}:${address.port}`;
  const reasons: Readonly<Record<string, string>> = {
    EADDRINUSE: 'another program listens there',
    EADDRNOTAVAIL: 'this machine has no such address',
    ENOTFOUND: 'the host is not known',
    EACCES: 'you have no permission for it',
  };
  const why = reasons[error.code ?? ''] ?? whyUnwritable(place, error);
  return new UsageError('LISTEN_FAILED', `The server cannot listen on ${place}: ${why}.`, {
    hint:
      'socketPath' in address
        ? 'Name another path with --socket.'
        : 'Choose another one with --port or --host; see also: pali ps',
    cause: error,
  });
}
