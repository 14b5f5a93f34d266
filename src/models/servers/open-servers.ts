import type { DeviceName, Dtype } from '../../base/dtype.js';
import { UsageError } from '../../base/errors.js';
import type { Engine } from '../../engine/engine.js';
import { listServers } from '../../engine/remote/runtime-file.js';
import type { ServerAddress } from '../../engine/remote/server-address.js';
import { createServerPool } from '../../engine/remote/server-pool.js';
import { runtimeFolder } from './runtime-folder.js';

/** Which servers, and what they are asked for. */
export interface ServersOptions {
  /** http or https, or host:port. */
  readonly servers: readonly string[];
  readonly model: string;
  readonly dtype?: Dtype | undefined;
  readonly device?: DeviceName | undefined;
  readonly onNote: (sentence: string) => void;
}

/**
 * An engine on servers that the user has named. Their key is PALI_API_KEY; a server of this user on this machine
 * needs none.
 * @throws {UsageError} one of the addresses is none.
 */
export async function openServers({
  servers,
  model,
  dtype,
  device,
  onNote,
}: ServersOptions): Promise<Engine> {
  const own = await listServers(runtimeFolder());
  const key = process.env['PALI_API_KEY'] || undefined;
  const addresses = [...new Set(servers)].map((server): ServerAddress => {
    const url = readServerUrl(server);
    const secret = own.find(
      (record) => record.url !== undefined && isSameServer(new URL(record.url), url),
    )?.secret;
    return { name: url.href.replace(/\/$/, ''), url, secret: key ?? secret };
  });
  return createServerPool({
    addresses,
    model: { name: model, ...(dtype && { dtype }), ...(device && { device }) },
    onNote,
  });
}

/** @throws {UsageError} it is not an address. */
function readServerUrl(server: string): URL {
  const text = /^\w+:\/\//.test(server) ? server : `http://${server}`;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isRight =
    url !== undefined && /^https?:$/.test(url.protocol) && url.username === '' && url.password === '';
  if (isRight) return url;
  throw new UsageError('OPTION_VALUE', `'${server.slice(0, 100)}' is not the address of a server.`, {
    hint: 'It looks like http://host:11500, without a password: the key is read from PALI_API_KEY.',
  });
}

function isSameServer(a: URL, b: URL): boolean {
  const host = (url: URL): string => url.host.replace(/^localhost\b/, '127.0.0.1');
  return a.protocol === b.protocol && host(a) === host(b);
}
