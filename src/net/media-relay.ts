import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { CancelledError, InputError, NetworkError, type PaliError } from '../base/errors.js';
import { toPaliError } from './describe-fetch-error.js';
import { checkStatus, STALL_MS } from './fetch-media.js';
import { onAbort } from '../base/signals/on-abort.js';
import { openHls, type HlsTrack } from './hls/hls-track.js';
import type { MediaClient } from './media-client.js';
import { isPacked, unpackBody } from './read-body.js';

/** What ffmpeg is told of an answer: nothing that lets it go elsewhere, unpack, or cut something out. */
const PASSED_FIELDS = ['content-type', 'content-length', 'content-range', 'accept-ranges'] as const;

/** A video for ffmpeg, by way of this program. */
export interface MediaRelay {
  /** What ffmpeg is to open: an http address that only the relay knows. */
  readonly address: string;
  /** The proxy that ffmpeg is to use for every address. */
  readonly proxyUrl: string;
  /** It comes from front to back only. */
  readonly isSequential: boolean;
  /** Where the playlist says it. */
  readonly durationSeconds?: number | undefined;
  /** Why something could not be read: what was refused first, or else what failed last. */
  readonly findFailure: () => PaliError | undefined;
  /** End it and every connection through it. */
  readonly close: () => Promise<void>;
}

/** What is at an address. */
export interface RelayedMedia {
  readonly url: string;
  /** It is a playlist of HLS. */
  readonly isHls: boolean;
  readonly signal: AbortSignal;
}

/**
 * Open a server on this machine that is the only thing which ffmpeg connects to, and that knows a single address: the
 * video's. It asks for it through `client`, which checks every address, also those of redirects, and speaks https.
 * Playlists of HLS are read here, and come out as one stream.
 *
 * @throws what reading the playlist throws.
 */
export async function openMediaRelay(client: MediaClient, media: RelayedMedia): Promise<MediaRelay> {
  const relay = new Relay(client, media);
  try {
    await relay.open();
  } catch (error) {
    await relay.close();
    throw error;
  }
  return relay;
}

class Relay implements MediaRelay {
  readonly #client: MediaClient;
  readonly #media: RelayedMedia;
  /** No other program of this machine knows it. */
  readonly #host = `${randomBytes(12).toString('hex')}.invalid`;
  readonly #closing = new AbortController();
  readonly #server = createServer((request, response) => {
    this.#answer(request, response).catch((error: unknown) => {
      this.#keep(toPaliError(error, this.#media.url, STALL_MS));
      response.destroy();
    });
  });
  #hls: HlsTrack | undefined;
  #refusal: PaliError | undefined;
  #failure: PaliError | undefined;

  constructor(client: MediaClient, media: RelayedMedia) {
    this.#client = client;
    this.#media = media;
  }

  async open(): Promise<void> {
    const { url, isHls, signal } = this.#media;
    if (isHls) {
      this.#hls = await openHls(this.#client, url, signal).catch((error: unknown) => {
        signal.throwIfAborted();
        throw toPaliError(error, url, STALL_MS);
      });
    }
    await new Promise<void>((listening, failed) => {
      this.#server.once('error', failed).listen(0, '127.0.0.1', listening);
    });
    // The work keeps the program alive, not its relay.
    this.#server.unref();
  }

  get address(): string {
    // ffmpeg also goes by how a name ends.
    return `http://${this.#host}${this.#hls === undefined ? new URL(this.#media.url).pathname : '/'}`;
  }

  get proxyUrl(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  get isSequential(): boolean {
    return this.#hls !== undefined;
  }

  get durationSeconds(): number | undefined {
    return this.#hls?.durationSeconds;
  }

  findFailure = (): PaliError | undefined => this.#refusal ?? this.#failure;

  close = async (): Promise<void> => {
    this.#closing.abort();
    this.#server.closeAllConnections();
    await new Promise((closed) => this.#server.close(closed));
    await this.#client.close();
  };

  async #answer(
    { url: asked = '', method, headers }: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const { url } = this.#media;
    const isKnown = URL.canParse(asked) && new URL(asked).host === this.#host;
    if (method !== 'GET' || !isKnown) return void response.writeHead(403).end();
    const ending = new AbortController();
    const end = (): void => ending.abort();
    response.on('close', end);
    const stopListening = onAbort(this.#closing.signal, end);
    try {
      if (this.#hls === undefined) await this.#pass(headers.range, response, ending.signal);
      else await pipeline(Readable.from(this.#hls.read(ending.signal), { objectMode: false }), response);
    } catch (error) {
      const failure = toPaliError(error, url, STALL_MS);
      // Otherwise ffmpeg had enough, or we are closing: both abort the request, which breaks the answer off in turn.
      const isOurs = this.#closing.signal.aborted || failure instanceof CancelledError;
      if (!isOurs && (!ending.signal.aborted || response.errored)) this.#keep(failure);
      if (response.headersSent) response.destroy();
      else response.writeHead(this.#statusOf(error)).end();
    } finally {
      stopListening();
    }
  }

  async #pass(range: string | undefined, to: ServerResponse, signal: AbortSignal): Promise<void> {
    const { url } = this.#media;
    const { response } = await this.#client.get(url, { signal, range });
    response.body.on('error', () => undefined);
    try {
      // A part that is not there: ffmpeg looked beyond the end.
      if (response.statusCode === 416) return void to.writeHead(416).end();
      checkStatus(response, url);
      const isWhole = !isPacked(response.headers);
      for (const field of PASSED_FIELDS) {
        const value = response.headers[field];
        if (value !== undefined && (isWhole || field === 'content-type')) to.setHeader(field, value);
      }
      to.writeHead(response.statusCode);
      await pipeline(unpackBody(response, url), to);
    } finally {
      response.body.destroy();
    }
  }

  #keep(error: PaliError): void {
    if (error.code === 'URL_PRIVATE') this.#refusal ??= error;
    else this.#failure = error;
  }

  #statusOf(error: unknown): number {
    if (error instanceof NetworkError || !(error instanceof InputError)) return 502;
    return error.code === 'URL_PRIVATE' ? 403 : 404;
  }
}
