import { Agent, EnvHttpProxyAgent, request, type Dispatcher } from 'undici';
import { InputError } from '../base/errors.js';
import { readProxySettings, type ProxySettings } from '../hub/proxy-settings.js';
import { CookieJar } from './cookie-jar.js';
import { showAddress } from './describe-fetch-error.js';
import { isPictureUrl } from './is-http-url.js';
import { checkKnownHost, checkNumberHost, createPublicLookup } from './public-address.js';

/** Browsers follow 20; a picture needs one or two. */
const MAX_REDIRECTS = 5;

/** Where a client may go. */
export interface ClientOptions {
  /** Also to this machine and its network. */
  readonly allowsPrivate: boolean;
  /** Silence for this long ends a request, milliseconds. */
  readonly stallMs: number;
  /** Where the proxies are named: this process's environment, except in tests. */
  readonly env?: NodeJS.ProcessEnv | undefined;
  /** Use connections again: for more than one request. */
  readonly keepsConnections?: boolean;
  /** Replaced in tests; the system's otherwise. */
  readonly lookup?: ReturnType<typeof createPublicLookup>;
}

/** One request. */
export interface MediaRequest {
  readonly signal?: AbortSignal | undefined;
  /** Such as `bytes=0-99`. */
  readonly range?: string | undefined;
  readonly accept?: string;
  /** Sent to the host of the address, and to none that it redirects to. */
  readonly authorization?: string | undefined;
}

/** An answer; its body must be read or destroyed. */
export interface MediaAnswer {
  /** What was asked in the end, after redirects. */
  readonly url: URL;
  readonly response: Dispatcher.ResponseData;
}

/** Gets things by http and https. */
export interface MediaClient {
  /**
   * Follow redirects, each of which is checked like the first address.
   * @throws {InputError} not an address, a private one, or too many redirects. Otherwise undici's error.
   */
  readonly get: (url: string, request?: MediaRequest) => Promise<MediaAnswer>;
  /** End every request. */
  readonly close: () => Promise<void>;
}

/**
 * A client that connects to public addresses only, unless others are allowed: to the address that was checked, or
 * through the environment's proxies. A proxy resolves names itself, so only literal private addresses, local names, and
 * names that this machine resolves to private ones are refused then. Cookies live as long as the client.
 */
export function createMediaClient(options: ClientOptions): MediaClient {
  const { allowsPrivate } = options;
  const proxies = readProxySettings(options.env);
  const dispatcher = createDispatcher(proxies, options);
  const cookies = new CookieJar();
  const check = async (address: string): Promise<URL> => {
    const checked = checkAddress(address, allowsPrivate);
    if (proxies !== undefined && !allowsPrivate) await checkKnownHost(checked.hostname);
    return checked;
  };
  return {
    get: async (url, { signal, range, accept = '*/*', authorization } = {}) => {
      let at = await check(url);
      const { origin } = at;
      for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
        const cookie = cookies.fieldFor(at);
        const response = await request(at, {
          dispatcher,
          signal,
          headers: {
            accept,
            'accept-encoding': 'identity',
            'user-agent': 'pali',
            ...(range !== undefined && { range }),
            ...(cookie !== undefined && { cookie }),
            ...(authorization !== undefined && at.origin === origin && { authorization }),
          },
        });
        cookies.take(at, response.headers['set-cookie']);
        const { location } = response.headers;
        const isRedirect = response.statusCode >= 300 && response.statusCode < 400;
        if (!isRedirect || typeof location !== 'string') return { url: at, response };
        // Not read to its end, which may never come.
        response.body.on('error', () => undefined).destroy();
        at = await check(URL.canParse(location, at.href) ? new URL(location, at).href : location);
      }
      throw new InputError(
        'URL_UNREADABLE',
        `${showAddress(url)} redirects more than ${MAX_REDIRECTS} times.`,
      );
    },
    close: () => dispatcher.destroy(),
  };
}

/** Connects directly where no proxy is to be used, then to public addresses only unless others are allowed. */
function createDispatcher(
  proxies: ProxySettings | undefined,
  { allowsPrivate, stallMs, keepsConnections = false, lookup = createPublicLookup() }: ClientOptions,
): Dispatcher {
  const options = {
    connect: { timeout: stallMs, ...(allowsPrivate ? {} : { lookup }) },
    headersTimeout: stallMs,
    bodyTimeout: stallMs,
    pipelining: keepsConnections ? 1 : 0,
  };
  if (proxies === undefined) return new Agent(options);
  return new EnvHttpProxyAgent({ ...options, ...proxies, proxyTls: { timeout: stallMs } });
}

/** A host given as a number is connected to without a lookup, so it is checked here. */
function checkAddress(url: string, allowsPrivate: boolean): URL {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed === undefined || !isPictureUrl(parsed.href)) {
    throw new InputError('URL_UNREADABLE', `${showAddress(url)} is not an address of http or https.`);
  }
  if (parsed.username !== '' || parsed.password !== '') {
    throw new InputError('URL_UNREADABLE', 'An address with a password in it is not fetched.', {
      hint: 'Download the picture first, for instance with curl.',
    });
  }
  if (!allowsPrivate) checkNumberHost(parsed.hostname.replace(/^\[|\]$/g, ''));
  return parsed;
}
