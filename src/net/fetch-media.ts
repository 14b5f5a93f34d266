import type { Dispatcher } from 'undici';
import { InputError, NetworkError } from '../base/errors.js';
import { isVideoHead } from '../video/source/is-video-file.js';
import { noPicture, showAddress, toPaliError } from './describe-fetch-error.js';
import { createMediaClient } from './media-client.js';
import { unpackBody } from './read-body.js';
import { startDeadline } from '../base/signals/deadline.js';

/** Largest picture that is fetched, bytes (64 MiB): a photo of 100 megapixels has about 50. */
const MAX_BYTES = 64 * 2 ** 20;
/** Silence for this long ends it, milliseconds. */
export const STALL_MS = 20_000;
/** The whole way, redirects included, milliseconds: 64 MiB at 0.5 MB/s. */
const TOTAL_MS = 120_000;

/** Types that servers give when they do not know a file's type. */
const UNKNOWN_TYPES = ['application/octet-stream', 'binary/octet-stream'];
/** Videos, and playlists of HLS and DASH. */
const VIDEO_TYPES = /^(video\/|application\/(dash\+xml|mp4|(vnd\.apple|x-)\.?mpegurl)|audio\/(x-)?mpegurl)/;
/** As much as isVideoHead wants. */
const HEAD_BYTES = 1024;

/** What is at an address: a picture's bytes, or a video, none of which is kept. */
export type FetchedMedia =
  | { readonly kind: 'picture'; readonly bytes: Uint8Array }
  | {
      readonly kind: 'video';
      /** It is a list of pieces, which may grow while it is played. */
      readonly isHls: boolean;
      /** The server says how large it is: it has an end. */
      readonly hasKnownSize: boolean;
    };

/** How to fetch. */
export interface FetchOptions {
  /** Also from this machine and its network. */
  readonly allowsPrivate: boolean;
  readonly signal?: AbortSignal | undefined;
  /** Sent to the host of the address, and to none that it redirects to. */
  readonly authorization?: string | undefined;
  /** Where the proxies are named: this process's environment, except in tests. */
  readonly env?: NodeJS.ProcessEnv;
  /** Smaller in tests. */
  readonly limits?: { readonly maxBytes?: number; readonly stallMs?: number; readonly totalMs?: number };
}

/**
 * Fetch a picture by http or https, or find out that it is a video, by the server's headers and its first bytes.
 * Every redirect is checked like the first address. No cookies, no passwords.
 *
 * Goes through the proxies of the environment. A proxy resolves names itself, so what it connects to cannot be
 * checked: only literal private addresses, and names that this machine resolves to private ones, are refused. A name
 * that this machine cannot resolve is left to the proxy.
 *
 * @throws {InputError} not an address, one of a private network, missing there, of another kind, or too large.
 * @throws {NetworkError} the server cannot be reached, fails, or is too slow. {CancelledError} `signal` aborted.
 */
export async function fetchMedia(url: string, options: FetchOptions): Promise<FetchedMedia> {
  const { allowsPrivate, signal, limits = {} } = options;
  const { maxBytes = MAX_BYTES, stallMs = STALL_MS, totalMs = TOTAL_MS } = limits;
  const client = createMediaClient({ allowsPrivate, stallMs, env: options.env });
  const deadline = startDeadline(totalMs, signal);
  try {
    const { authorization } = options;
    const accept = 'image/*, video/*, */*;q=0.1';
    const { response } = await client.get(url, { signal: deadline.signal, authorization, accept });
    checkStatus(response, url);
    return await readMedia(response, url, maxBytes);
  } catch (error) {
    signal?.throwIfAborted();
    throw toPaliError(error, url, deadline.isOver() ? totalMs : stallMs);
  } finally {
    deadline.clear();
    await client.close();
  }
}

/**
 * Refuse an answer without the thing that was asked for.
 * @throws {InputError} the server does not give it. {NetworkError} the server fails.
 */
export function checkStatus({ statusCode }: Pick<Dispatcher.ResponseData, 'statusCode'>, url: string): void {
  if (statusCode >= 500 || statusCode === 429) {
    throw new NetworkError('URL_FAILED', `The server of ${showAddress(url)} answered ${statusCode}.`, {
      hint: 'Try again later.',
    });
  }
  if (statusCode !== 200 && statusCode !== 206) {
    throw new InputError(
      'URL_UNREADABLE',
      `${showAddress(url)} cannot be read: the server answered ${statusCode}.`,
      {
        hint: 'Check the address in a browser; pali sends no cookies and no password.',
      },
    );
  }
}

async function readMedia(
  response: Dispatcher.ResponseData,
  url: string,
  maxBytes: number,
): Promise<FetchedMedia> {
  const { headers } = response;
  const type = String(headers['content-type'] ?? UNKNOWN_TYPES[0])
    .split(';')[0]
    .trim()
    .toLowerCase();
  const declaredBytes = Number(headers['content-length'] ?? NaN);
  const hasKnownSize = declaredBytes >= 0;
  const tooLarge = (): InputError =>
    new InputError(
      'IMAGE_TOO_LARGE',
      `${showAddress(url)} is larger than ${Math.floor(maxBytes / 2 ** 20)} MiB.`,
      {
        hint: 'Download it and make it smaller first.',
      },
    );
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  let isKnown = false;
  const recognise = (): FetchedMedia | undefined => {
    isKnown = true;
    const head = Buffer.concat(chunks, sizeBytes);
    const playlist = recognisePlaylist(type, head);
    if (playlist === 'dash') throw describedByDash(url);
    if (playlist === 'hls' || VIDEO_TYPES.test(type) || isVideoHead(head)) {
      return { kind: 'video', isHls: playlist === 'hls', hasKnownSize };
    }
    if (!type.startsWith('image/') && !UNKNOWN_TYPES.includes(type)) throw noPicture(url, type);
    if (declaredBytes > maxBytes) throw tooLarge();
    return undefined;
  };
  for await (const chunk of unpackBody(response, url) as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    sizeBytes += chunk.length;
    const video = !isKnown && sizeBytes >= HEAD_BYTES ? recognise() : undefined;
    if (video !== undefined) return video;
    if (sizeBytes > maxBytes) throw tooLarge();
  }
  const video = isKnown ? undefined : recognise();
  return video ?? { kind: 'picture', bytes: Buffer.concat(chunks, sizeBytes) };
}

/** What the text says counts before what the server says of it. */
function recognisePlaylist(type: string, head: Buffer): 'hls' | 'dash' | undefined {
  const text = head
    .toString('utf8')
    .replace(/^\ufeff/, '')
    .trimStart();
  if (text.startsWith('#EXTM3U')) return 'hls';
  if (text.startsWith('<') && /<MPD[\s>]/.test(text)) return 'dash';
  if (/mpegurl/.test(type)) return 'hls';
  return /dash/.test(type) ? 'dash' : undefined;
}

/** Its reader in ffmpeg opens whatever such a description names, some versions also files. */
function describedByDash(url: string): InputError {
  return new InputError(
    'PLAYLIST_UNREADABLE',
    `${showAddress(url)} describes a video by DASH, which is not read.`,
    {
      hint: 'Use its playlist of HLS (.m3u8), or if you trust it: ffmpeg -i ADDRESS -c copy -f matroska - | pali caption -',
    },
  );
}
