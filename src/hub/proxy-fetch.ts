import { readProxySettings } from './proxy-settings.js';

/**
 * A fetch that goes through the proxy of the environment; Node's own, which in Node 20 knows no proxies, where none
 * is set.
 * @throws {NetworkError} a proxy's address is none.
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
