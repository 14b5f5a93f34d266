import { getSetCookies, Headers } from 'undici';

/** Cookies are kept for one video, whose servers need a few; more than this many are forgotten. */
const MAX_COOKIES = 200;
const MAX_VALUE_CHARACTERS = 8192;

interface KeptCookie {
  readonly name: string;
  readonly value: string;
  /** Sent to this host, and with `isShared` to those below it. */
  readonly host: string;
  readonly isShared: boolean;
  readonly path: string;
  readonly isSecure: boolean;
}

/** The cookies that servers set while one video is read, as servers of playlists use them to let pieces be read. */
export class CookieJar {
  readonly #cookies = new Map<string, KeptCookie>();

  /** Keep what an answer sets. @param setCookie the values of its Set-Cookie fields. */
  take(url: URL, setCookie: string | readonly string[] | undefined): void {
    const lines = typeof setCookie === 'string' ? [setCookie] : (setCookie ?? []);
    if (lines.length === 0) return;
    const headers = new Headers();
    for (const line of lines) headers.append('set-cookie', line);
    for (const { name, value, domain, path, expires, maxAge, secure } of getSetCookies(headers)) {
      const host = (domain ?? '').replace(/^\./, '').toLowerCase() || url.hostname;
      // A whole ending such as `com`, or another's host, is nobody's to set.
      if (!isWithin(url.hostname, host) || (host !== url.hostname && !host.includes('.'))) continue;
      const key = `${host} ${path ?? '/'} ${name}`;
      const isOver = (maxAge !== undefined && maxAge <= 0) || (expires && new Date(expires) < new Date());
      if (isOver || value.length > MAX_VALUE_CHARACTERS) this.#cookies.delete(key);
      else if (this.#cookies.size < MAX_COOKIES) {
        const rest = { path: path ?? '/', isShared: domain !== undefined, isSecure: secure === true };
        this.#cookies.set(key, { name, value, host, ...rest });
      }
    }
  }

  /** The Cookie field for an address; undefined when there is nothing to send. */
  fieldFor(url: URL): string | undefined {
    const sent = [...this.#cookies.values()].filter(
      ({ host, isShared, path, isSecure }) =>
        (isShared ? isWithin(url.hostname, host) : url.hostname === host) &&
        (url.pathname === path || url.pathname.startsWith(path.endsWith('/') ? path : `${path}/`)) &&
        (!isSecure || url.protocol === 'https:'),
    );
    return sent.length === 0 ? undefined : sent.map(({ name, value }) => `${name}=${value}`).join('; ');
  }
}

function isWithin(host: string, domain: string): boolean {
  return host === domain || host.endsWith(`.${domain}`);
}
