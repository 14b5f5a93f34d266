import { lookup, type LookupAddress, type LookupOptions } from 'node:dns';
import ipaddr from 'ipaddr.js';
import { InputError, NetworkError } from '../base/errors.js';

type Answer = (error: Error | null, addresses: LookupAddress[]) => void;

/** Finds the addresses of a host as dns.lookup does with `all`. */
export type Resolve = (host: string, options: LookupOptions & { readonly all: true }, answer: Answer) => void;

/** All that IPv6 has handed out for the public internet (RFC 4291, IANA's registry). */
const GLOBAL_IPV6 = ipaddr.IPv6.parseCIDR('2000::/3');

/**
 * Names that never leave a machine or its network, whatever resolves them (RFC 6761, 6762, 8375, and ICANN's
 * reservation of .internal); a name of one word means a neighbour, too.
 */
const LOCAL_NAME = /(?:^|\.)(?:localhost|localdomain|local|internal|home\.arpa)$|^[^.:]*$/i;

/**
 * Whether an IP address belongs to the public internet: not to this machine, a local network, a link, or a range
 * that leads to one of these (IPv4 inside IPv6, carrier NAT, multicast, reserved ranges).
 */
export function isPublicAddress(address: string): boolean {
  try {
    const parsed = ipaddr.parse(address);
    if (parsed.range() !== 'unicast') return false;
    return parsed instanceof ipaddr.IPv4 || parsed.match(GLOBAL_IPV6);
  } catch {
    return false;
  }
}

/** The error for a host that is not public. */
export function privateAddress(host: string): InputError {
  return new InputError('URL_PRIVATE', `${host} is an address of this machine or its network.`, {
    hint: 'Pictures and videos are fetched from there only with --allow-private-urls.',
  });
}

/**
 * A `lookup` for connections that gives public addresses only. The connection is made to the address that was
 * checked: the name is not resolved a second time. One private address among several is enough to refuse the host.
 */
export function createPublicLookup(resolve: Resolve = lookup) {
  return (
    host: string,
    options: LookupOptions,
    done: (error: Error | null, address: string | LookupAddress[], family?: number) => void,
  ): void => {
    resolve(host, { ...options, all: true }, (error, addresses) => {
      if (error !== null) return done(error, []);
      if (!addresses.every(({ address }) => isPublicAddress(address))) return done(privateAddress(host), []);
      if (options.all === true) return done(null, addresses);
      return done(null, addresses[0].address, addresses[0].family);
    });
  };
}

/**
 * A host given as a number is connected to without a lookup, so it is checked by itself.
 * @param host without brackets.
 * @throws {InputError} it is private.
 */
export function checkNumberHost(host: string): void {
  const isNumber = host.includes(':') || /^[\d.]+$/.test(host);
  if (isNumber && !isPublicAddress(host)) throw privateAddress(host);
}

/**
 * Refuse a host that is not public when another program makes the connection, which resolves the name again.
 * @throws {InputError} one of its addresses is private. {NetworkError} it has none.
 */
export async function checkPublicHost(host: string, resolve: Resolve = lookup): Promise<void> {
  const find = createPublicLookup(resolve);
  await new Promise<void>((accept, refuse) => {
    find(host.replace(/^\[|\]$/g, ''), { all: true }, (error) => {
      if (error === null) accept();
      else if (error instanceof InputError) refuse(error);
      else refuse(new NetworkError('URL_FAILED', `${host} is not known in the network.`, { cause: error }));
    });
  });
}

/**
 * Refuse a host that this machine resolves to a private address, or whose name is a local one, when a proxy connects
 * to it. Any other host that is unknown here is left to the proxy.
 * @throws {InputError} one of its addresses is private.
 */
export async function checkKnownHost(host: string, resolve: Resolve = lookup): Promise<void> {
  // The dot at the end that a complete name may have.
  if (LOCAL_NAME.test(host.replace(/\.$/, ''))) throw privateAddress(host);
  await checkPublicHost(host, resolve).catch((error: unknown) => {
    if (error instanceof InputError) throw error;
  });
}
