import { type Clock, systemClock } from './clock.js';
import type { HubSettings } from './hub-settings.js';
import { readProxySettings } from './proxy-settings.js';

/** Everything that a request to the hub needs. */
export interface HubClient {
  /** Without a slash at the end. */
  readonly endpoint: string;
  readonly token?: string;
  readonly fetch: typeof fetch;
  readonly clock: Clock;
  /** 0 up to 1, for the jitter of repeated tries. */
  readonly random: () => number;
  /** A connection that is silent for this long is dropped and opened again. */
  readonly stallMs: number;
}

/** Servers and networks recover within this or not at all; the same as other download tools use. */
const STALL_MS = 30_000;

export async function createHubClient(
  settings: Pick<HubSettings, 'endpoint' | 'token'>,
  parts: Partial<Omit<HubClient, 'endpoint' | 'token'>> = {},
): Promise<HubClient> {
  return {
    endpoint: settings.endpoint,
    ...(settings.token !== undefined && { token: settings.token }),
    fetch: parts.fetch ?? (await createFetch()),
    clock: parts.clock ?? systemClock,
    random: parts.random ?? Math.random,
    stallMs: parts.stallMs ?? STALL_MS,
  };
}

/**
 * A fetch that goes through the proxy of the environment; Node's own (which ignores proxies in Node 20) when none is
 * set.
 * @throws {NetworkError} a proxy's address is invalid.
 */
export async function createFetch(env: NodeJS.ProcessEnv = process.env): Promise<typeof fetch> {
  const settings = readProxySettings(env);
  if (settings === undefined) return fetch;
  const { EnvHttpProxyAgent, fetch: undiciFetch } = await import('undici');
  const dispatcher = new EnvHttpProxyAgent(settings);
  // The two packages declare the same standard twice.
  const throughProxy = (input: unknown, init: unknown): unknown =>
    undiciFetch(input as string, { ...(init as object), dispatcher });
  return throughProxy as typeof fetch;
}

/** Whether an address is on the hub itself, and not where the hub sent us. */
export function isOnHub({ endpoint }: Pick<HubClient, 'endpoint'>, url: string): boolean {
  return URL.canParse(url) && new URL(url).origin === new URL(endpoint).origin;
}

/**
 * The header that identifies the user: only for the hub, and never in clear text beyond this computer. A redirect to
 * another host drops it (the rule of fetch).
 */
export function authorize(client: HubClient, url: string): Record<string, string> {
  if (client.token === undefined || !isOnHub(client, url)) return {};
  const { protocol, hostname } = new URL(url);
  const isLocal = ['localhost', '127.0.0.1', '[::1]'].includes(hostname);
  return protocol === 'https:' || isLocal ? { authorization: `Bearer ${client.token}` } : {};
}
