import { Agent, request, type Dispatcher } from 'undici';
import { InputError, NetworkError, PaliError } from '../base/errors.js';
import { stripControl } from '../base/strip-control.js';
import { isPictureUrl } from './is-picture-url.js';
import { createPublicLookup, isPublicAddress, privateAddress } from './public-address.js';

/** Largest picture that is fetched, bytes (64 MiB): a photo of 100 megapixels has about 50. */
const MAX_BYTES = 64 * 2 ** 20;
/** Browsers follow 20; a picture needs one or two. */
const MAX_REDIRECTS = 5;
/** No byte for so long ends it, milliseconds. */
const STALL_MS = 20_000;
/** The whole way, redirects included, milliseconds: 64 MiB at 0.5 MB/s. */
const TOTAL_MS = 120_000;
/** Longest address that an error repeats, characters. */
const MAX_SHOWN_CHARACTERS = 200;

/** Servers that do not know a file's kind say one of these. */
const UNKNOWN_TYPES = ['application/octet-stream', 'binary/octet-stream'];

/** How to fetch. */
export interface FetchOptions {
  /** Also from this machine and its network. */
  readonly allowsPrivate: boolean;
  readonly signal?: AbortSignal | undefined;
  /** Tests take smaller ones. */
  readonly limits?: { readonly maxBytes?: number; readonly stallMs?: number; readonly totalMs?: number };
}

/**
 * Fetch a picture by http or https. Every redirect is checked like the first address. No cookies, no passwords,
 * no proxy.
 *
 * @throws {InputError} not an address, one of a private network, missing there, no picture, or too large.
 * @throws {NetworkError} the server cannot be reached, fails, or is too slow. {CancelledError} `signal` aborted.
 */
export async function fetchPicture(url: string, options: FetchOptions): Promise<Uint8Array> {
  const { allowsPrivate, signal, limits = {} } = options;
  const { maxBytes = MAX_BYTES, stallMs = STALL_MS, totalMs = TOTAL_MS } = limits;
  const agent = new Agent({
    connect: { timeout: stallMs, ...(allowsPrivate ? {} : { lookup: createPublicLookup() }) },
    headersTimeout: stallMs,
    bodyTimeout: stallMs,
    pipelining: 0,
  });
  const deadline = AbortSignal.timeout(totalMs);
  try {
    const until = signal === undefined ? deadline : AbortSignal.any([deadline, signal]);
    const response = await followRedirects(url, agent, until, allowsPrivate);
    checkResponse(response, url);
    return await readBody(response, url, maxBytes);
  } catch (error) {
    signal?.throwIfAborted();
    throw toPaliError(error, url, deadline.aborted ? totalMs : stallMs);
  } finally {
    await agent.destroy();
  }
}

async function followRedirects(
  url: string,
  dispatcher: Dispatcher,
  signal: AbortSignal,
  allowsPrivate: boolean,
): Promise<Dispatcher.ResponseData> {
  let at = checkAddress(url, allowsPrivate);
  for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
    const response = await request(at, {
      dispatcher,
      signal,
      headers: { accept: 'image/*', 'accept-encoding': 'identity', 'user-agent': 'pali' },
    });
    const { location } = response.headers;
    if (response.statusCode < 300 || response.statusCode >= 400 || typeof location !== 'string')
      return response;
    await response.body.dump();
    at = checkAddress(parseUrl(location, at)?.href ?? location, allowsPrivate);
  }
  throw new InputError('URL_UNREADABLE', `${show(url)} redirects more than ${MAX_REDIRECTS} times.`);
}

function parseUrl(url: string, base?: URL): URL | undefined {
  return URL.canParse(url, base?.href) ? new URL(url, base) : undefined;
}

/** A host given as a number is connected to without a lookup, so it is checked here. */
function checkAddress(url: string, allowsPrivate: boolean): URL {
  const parsed = parseUrl(url);
  if (parsed === undefined || !isPictureUrl(parsed.href)) {
    throw new InputError('URL_UNREADABLE', `${show(url)} is not an address of http or https.`);
  }
  if (parsed.username !== '' || parsed.password !== '') {
    throw new InputError('URL_UNREADABLE', 'An address with a password in it is not fetched.', {
      hint: 'Download the picture first, for instance with curl.',
    });
  }
  const host = parsed.hostname.replace(/^\[|\]$/g, '');
  const isNumber = parsed.hostname.startsWith('[') || /^[\d.]+$/.test(host);
  if (!allowsPrivate && isNumber && !isPublicAddress(host)) throw privateAddress(host);
  return parsed;
}

function checkResponse({ statusCode, headers }: Dispatcher.ResponseData, url: string): void {
  if (statusCode >= 500 || statusCode === 429) {
    throw new NetworkError('URL_FAILED', `The server of ${show(url)} answered ${statusCode}.`, {
      hint: 'Try again later.',
    });
  }
  if (statusCode !== 200) {
    throw new InputError(
      'URL_UNREADABLE',
      `${show(url)} cannot be read: the server answered ${statusCode}.`,
      {
        hint: 'Check the address in a browser; pali sends no cookies and no password.',
      },
    );
  }
  const type = String(headers['content-type'] ?? UNKNOWN_TYPES[0])
    .split(';')[0]
    .trim()
    .toLowerCase();
  if (type.startsWith('image/') || UNKNOWN_TYPES.includes(type)) return;
  throw new InputError('URL_NO_PICTURE', `${show(url)} is no picture but ${show(type)}.`, {
    hint: 'Use the address of the picture itself, not of the page that shows it.',
  });
}

async function readBody(
  response: Dispatcher.ResponseData,
  url: string,
  maxBytes: number,
): Promise<Uint8Array> {
  const tooLarge = (): InputError =>
    new InputError('IMAGE_TOO_LARGE', `${show(url)} is larger than ${Math.floor(maxBytes / 2 ** 20)} MiB.`, {
      hint: 'Download it and make it smaller first.',
    });
  if (Number(response.headers['content-length'] ?? 0) > maxBytes) throw tooLarge();
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  for await (const chunk of response.body as AsyncIterable<Buffer>) {
    sizeBytes += chunk.length;
    if (sizeBytes > maxBytes) throw tooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, sizeBytes);
}

function toPaliError(error: unknown, url: string, limitMs: number): PaliError {
  if (error instanceof PaliError) return error;
  const { code = '', name = '', message = '' } = error as NodeJS.ErrnoException;
  if (/TIMEOUT/.test(code) || name === 'TimeoutError') {
    return new NetworkError(
      'URL_TIMEOUT',
      `${show(url)} did not come within ${Math.round(limitMs / 1000)} s.`,
      {
        cause: error,
      },
    );
  }
  return new NetworkError('URL_FAILED', `${show(url)} could not be fetched: ${show(code || message)}.`, {
    hint: 'Check the address and the connection.',
    cause: error,
  });
}

function show(text: string): string {
  const line = stripControl(text).replace(/\s+/g, ' ');
  return line.length > MAX_SHOWN_CHARACTERS ? `${line.slice(0, MAX_SHOWN_CHARACTERS)}…` : line;
}
