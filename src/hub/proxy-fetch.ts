const PROXY_VARIABLES = ['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY'];

/**
 * A fetch that goes through the proxy of HTTP_PROXY, HTTPS_PROXY and NO_PROXY (upper or lower case); Node's own,
 * which in Node 20 knows no proxies, where none is set.
 */
export async function createFetch(env: NodeJS.ProcessEnv = process.env): Promise<typeof fetch> {
  const read = (name: string): string | undefined => env[name.toLowerCase()] || env[name] || undefined;
  if (!PROXY_VARIABLES.some(read)) return fetch;
  const { EnvHttpProxyAgent, fetch: undiciFetch } = await import('undici');
  const all = read('ALL_PROXY');
  const httpProxy = read('HTTP_PROXY') ?? all;
  const httpsProxy = read('HTTPS_PROXY') ?? all;
  const noProxy = read('NO_PROXY');
  const dispatcher = new EnvHttpProxyAgent({
    ...(httpProxy && { httpProxy }),
    ...(httpsProxy && { httpsProxy }),
    ...(noProxy && { noProxy }),
  });
  // The two packages declare the same standard twice.
  const throughProxy = (input: unknown, init: unknown): unknown =>
    undiciFetch(input as string, { ...(init as object), dispatcher });
  return throughProxy as typeof fetch;
}
