import { NetworkError } from '../base/errors.js';

/** Which proxies the environment names, as undici's EnvHttpProxyAgent takes them. */
export interface ProxySettings {
  readonly httpProxy?: string;
  readonly httpsProxy?: string;
  /** Hosts that need none. */
  readonly noProxy?: string;
}

/**
 * HTTP_PROXY, HTTPS_PROXY, ALL_PROXY for both, and NO_PROXY, in upper or lower case; undefined where no proxy is named.
 * @throws {NetworkError} a proxy's address is invalid.
 */
export function readProxySettings(env: NodeJS.ProcessEnv = process.env): ProxySettings | undefined {
  const read = (name: string): string | undefined => env[name.toLowerCase()] || env[name] || undefined;
  const all = readAddress('ALL_PROXY', read);
  const httpProxy = readAddress('HTTP_PROXY', read) ?? all;
  const httpsProxy = readAddress('HTTPS_PROXY', read) ?? all;
  if (httpProxy === undefined && httpsProxy === undefined) return undefined;
  const noProxy = read('NO_PROXY');
  return { ...(httpProxy && { httpProxy }), ...(httpsProxy && { httpsProxy }), ...(noProxy && { noProxy }) };
}

function readAddress(name: string, read: (name: string) => string | undefined): string | undefined {
  const value = read(name);
  if (value === undefined) return undefined;
  // As with curl, an address without a scheme means http.
  const address = value.includes('://') ? value : `http://${value}`;
  if (URL.canParse(address) && /^https?:$/.test(new URL(address).protocol)) return address;
  throw new NetworkError('PROXY_INVALID', `${name} is not the address of a proxy that pali can use.`, {
    hint: 'Such as http://proxy.example.org:3128; SOCKS is not known.',
  });
}
