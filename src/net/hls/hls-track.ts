import { setTimeout as delay } from 'node:timers/promises';
import { InputError, NetworkError } from '../../base/errors.js';
import { showAddress } from '../describe-fetch-error.js';
import { checkStatus, STALL_MS } from '../fetch-media.js';
import type { MediaClient } from '../media-client.js';
import { readBody, unpackBody } from '../read-body.js';
import { withinTime } from '../within-time.js';
import { parsePlaylist, type HlsPlaylist, type HlsSegment, type HlsVariant } from './parse-playlist.js';
import { PartReader, PIECE_MS } from './read-part.js';

/** A playlist of a day has about 2 MB. */
const MAX_PLAYLIST_BYTES = 16 * 2 ** 20;
/** A whole playlist, redirects included, milliseconds: 2 MB at 0.1 MB/s takes a third. */
const PLAYLIST_MS = 60_000;
/** Of a playlist that grows, what is read first: the third piece from its end, as players do. */
const LIVE_SEGMENTS = 3;
/** How often a playlist that grows is read at most. */
const MIN_RELOAD_MS = 200;
/** A playlist that names playlists that name playlists ... */
const MAX_DEPTH = 3;

type Segments = Extract<HlsPlaylist, { kind: 'segments' }>;

/** Times that tests make shorter, milliseconds. */
export interface HlsLimits {
  /** How long a playlist may take. */
  readonly playlistMs?: number;
  /** How long a piece may take at least. */
  readonly pieceMs?: number;
}

/** A video in pieces, as the playlist of its best variant names them. */
export interface HlsTrack {
  /** Absent while it grows. */
  readonly durationSeconds?: number;
  /**
   * All pieces, one after another, as one file: of one that grows, from near its end until it ends.
   * @throws {InputError} a piece may not be read, or is not there. {NetworkError} and undici's errors.
   */
  readonly read: (signal: AbortSignal) => AsyncGenerator<Buffer, void, undefined>;
}

/**
 * Read a playlist of HLS, and that of its largest picture. Nothing but this program reads playlists: ffmpeg, which
 * would, also opens what is no address of http in them.
 *
 * @throws {InputError} it is not there, is no playlist, or is encrypted in a way that is not known. {NetworkError} and
 * undici's errors.
 */
export async function openHls(
  client: MediaClient,
  address: string,
  signal: AbortSignal,
  { playlistMs = PLAYLIST_MS, pieceMs = PIECE_MS }: HlsLimits = {},
): Promise<HlsTrack> {
  let url = address;
  let playlist = await load(client, url, signal, playlistMs);
  for (let depth = 1; playlist.kind === 'variants'; depth++) {
    const best = chooseVariant(playlist.variants);
    if (best === undefined || depth === MAX_DEPTH) throw empty(address);
    url = best.url;
    playlist = await load(client, url, signal, playlistMs);
  }
  const opened: Segments = playlist;
  if (opened.isEnded && opened.segments.length === 0) throw empty(address);
  const seconds = opened.segments.reduce((sum, segment) => sum + segment.seconds, 0);
  let first: Segments | undefined = opened;
  return {
    ...(opened.isEnded && { durationSeconds: seconds }),
    read: async function* (ending) {
      // What was read a while ago is out of date, unless it never changes.
      const start: Segments = first ?? (opened.isEnded ? opened : await loadSegments(client, url, ending));
      first = undefined;
      yield* readAll(client, url, start, new PartReader(client, ending, pieceMs), ending);
    },
  };
}

async function* readAll(
  client: MediaClient,
  url: string,
  start: Segments,
  reader: PartReader,
  signal: AbortSignal,
): AsyncGenerator<Buffer, void, undefined> {
  let playlist = start;
  let next =
    (start.isEnded ? start.segments[0] : (start.segments.at(-LIVE_SEGMENTS) ?? start.segments[0]))?.number ??
    0;
  let head = '';
  let latestMs = Date.now();
  for (;;) {
    const loadedMs = Date.now();
    const { segments, isEnded, targetSeconds } = playlist;
    // A server that was started again counts from the beginning.
    const isAnew = segments.length > 0 && segments[segments.length - 1].number < next - segments.length - 1;
    const fresh = segments.filter(({ number }) => isAnew || number >= next);
    for (const segment of fresh) {
      const wanted = segment.head && JSON.stringify(segment.head);
      if (segment.head !== undefined && wanted !== head) yield await reader.readHead(segment.head);
      head = wanted ?? '';
      yield* isEnded ? reader.read(segment) : readIfThere(reader, segment);
      next = segment.number + 1;
      latestMs = Date.now();
    }
    if (isEnded) return;
    const stallMs = Math.max(STALL_MS, 3000 * targetSeconds);
    if (Date.now() - latestMs > stallMs) {
      throw new NetworkError(
        'URL_TIMEOUT',
        `${showAddress(url)} named nothing new for ${Math.round(stallMs / 1000)} s.`,
      );
    }
    const pauseMs = targetSeconds * (fresh.length > 0 ? 1000 : 500) - (Date.now() - loadedMs);
    await delay(Math.max(MIN_RELOAD_MS, pauseMs), undefined, { signal });
    playlist = await loadSegments(client, url, signal).catch((error: unknown) => {
      // A server that fails once may answer the next time; how long is bounded above.
      if (error instanceof InputError || signal.aborted) throw error;
      return { ...playlist, segments: [] };
    });
  }
}

/** A piece of a playlist that moves on may be gone when its turn comes. */
async function* readIfThere(
  reader: PartReader,
  segment: HlsSegment,
): AsyncGenerator<Buffer, void, undefined> {
  try {
    yield* reader.read(segment);
  } catch (error) {
    if (!(error instanceof InputError) || error.code !== 'URL_UNREADABLE') throw error;
  }
}

/** The largest picture; of several the one of the highest rate. */
function chooseVariant(variants: readonly HlsVariant[]): HlsVariant | undefined {
  const rank = ({ pixels, bitsPerSecond, isSoundOnly }: HlsVariant): number[] => [
    Number(!isSoundOnly),
    pixels,
    bitsPerSecond,
  ];
  return [...variants].sort((a, b) => {
    const [left, right] = [rank(a), rank(b)];
    const place = left.findIndex((value, i) => value !== right[i]);
    return place < 0 ? 0 : right[place] - left[place];
  })[0];
}

async function loadSegments(client: MediaClient, url: string, signal: AbortSignal): Promise<Segments> {
  const playlist = await load(client, url, signal);
  if (playlist.kind === 'variants') throw empty(url);
  return playlist;
}

async function load(
  client: MediaClient,
  url: string,
  signal: AbortSignal,
  timeoutMs = PLAYLIST_MS,
): Promise<HlsPlaylist> {
  return withinTime(url, timeoutMs, signal, async (ending) => {
    const { url: found, response } = await client.get(url, { signal: ending });
    try {
      checkStatus(response, url);
      const body = await readBody(unpackBody(response, url), MAX_PLAYLIST_BYTES, url);
      return parsePlaylist(body.toString('utf8'), found.href);
    } finally {
      response.body.on('error', () => undefined).destroy();
    }
  });
}

function empty(url: string): InputError {
  return new InputError('PLAYLIST_UNREADABLE', `The playlist ${showAddress(url)} names no video.`, {
    hint: 'Check the address, or download the video first.',
  });
}
