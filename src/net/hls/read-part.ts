import { createDecipheriv } from 'node:crypto';
import { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { InputError } from '../../base/errors.js';
import { checkStatus } from '../fetch-media.js';
import type { MediaClient } from '../media-client.js';
import { readBody, unpackBody } from '../read-body.js';
import { showAddress } from '../describe-fetch-error.js';
import { withinTime } from '../within-time.js';
import { withinWaits } from '../within-waits.js';
import type { HlsKey, HlsPart, HlsSegment } from './parse-playlist.js';

/** A piece that breaks off is asked for again, from where it broke off, this often in all. */
const MAX_TRIES = 3;
const RETRY_MS = 500;
const KEY_BYTES = 16;
/** What comes before pieces describes them: some kilobytes. */
const MAX_HEAD_BYTES = 16 * 2 ** 20;
/** A whole key or head, all tries together, milliseconds. */
const SMALL_MS = 30_000;
/** A whole piece, all tries together: at least this long, milliseconds, and so many times as long as it plays. */
export const PIECE_MS = 60_000;
const TIMES_ITS_LENGTH = 20;
/** A key that stands in the playlist itself, as base64, is short. */
const MAX_DATA_CHARACTERS = 1024;

/** Reads pieces of HLS, decrypted. */
export class PartReader {
  readonly #client: MediaClient;
  readonly #signal: AbortSignal;
  readonly #pieceMs: number;
  readonly #keys = new Map<string, Buffer>();

  /** @param pieceMs how long a piece may take at least, milliseconds; shorter in tests. */
  constructor(client: MediaClient, signal: AbortSignal, pieceMs = PIECE_MS) {
    this.#client = client;
    this.#signal = signal;
    this.#pieceMs = pieceMs;
  }

  /**
   * A piece, as it comes.
   * @throws {InputError} the server does not give it, or its key. {NetworkError} it takes many times as long as it
   * plays; and undici's errors.
   */
  read(segment: HlsSegment): AsyncGenerator<Buffer, void, undefined> {
    const limitMs = Math.max(this.#pieceMs, TIMES_ITS_LENGTH * segment.seconds * 1000);
    return withinWaits(segment.url, limitMs, this.#signal, (signal) => this.#read(segment, signal));
  }

  async *#read({ url, range, key }: HlsPart, signal: AbortSignal): AsyncGenerator<Buffer, void, undefined> {
    if (key === undefined) return yield* this.#readStored(url, range, signal);
    const decipher = createDecipheriv('aes-128-cbc', await this.#readKey(key), key.iv);
    for await (const chunk of this.#readStored(url, range, signal)) yield decipher.update(chunk);
    try {
      yield decipher.final();
    } catch (cause) {
      const sentence = `${showAddress(url)} cannot be decrypted: its key does not fit, or it is cut off.`;
      throw new InputError('PLAYLIST_UNREADABLE', sentence, { cause });
    }
  }

  /** What comes before pieces, whole. @throws as `read`. */
  async readHead(head: HlsPart): Promise<Buffer> {
    return withinTime(head.url, SMALL_MS, this.#signal, (signal) => {
      const parts = this.#read(head, signal);
      return readBody(Readable.from(parts, { objectMode: false }), MAX_HEAD_BYTES, head.url);
    });
  }

  async *#readStored(
    url: string,
    range: HlsPart['range'],
    signal: AbortSignal,
  ): AsyncGenerator<Buffer, void, undefined> {
    const { first, last } = range ?? { first: 0, last: Infinity };
    let next = first;
    for (let tries = 1; ; tries++) {
      try {
        for await (const chunk of this.#readFrom(url, { first: next, last }, signal)) {
          next += chunk.length;
          yield chunk;
        }
        return;
      } catch (error) {
        if (tries === MAX_TRIES || error instanceof InputError) throw error;
        await delay(RETRY_MS * tries, undefined, { signal });
      }
    }
  }

  /** Bytes `first` to `last`, also where the server gives whole files only. */
  async *#readFrom(
    url: string,
    { first, last }: NonNullable<HlsPart['range']>,
    signal: AbortSignal,
  ): AsyncGenerator<Buffer, void, undefined> {
    const end = last === Infinity ? '' : String(last);
    const range = first === 0 && end === '' ? undefined : `bytes=${first}-${end}`;
    const { response } = await this.#client.get(url, { signal, range });
    try {
      checkStatus(response, url);
      const body = unpackBody(response, url);
      let at = response.statusCode === 206 ? first : 0;
      for await (const chunk of body as AsyncIterable<Buffer>) {
        const wanted = chunk.subarray(Math.max(0, first - at), Math.min(chunk.length, last + 1 - at));
        at += chunk.length;
        if (wanted.length > 0) yield wanted;
        if (at > last) return;
      }
    } finally {
      // Also where it is left early.
      response.body.on('error', () => undefined).destroy();
    }
  }

  async #readKey({ url }: HlsKey): Promise<Buffer> {
    const kept = this.#keys.get(url);
    if (kept !== undefined) return kept;
    const key = url.startsWith('data:') ? readData(url) : await this.#fetchKey(url);
    if (key.length !== KEY_BYTES) {
      throw new InputError('PLAYLIST_UNREADABLE', `The key ${showAddress(url)} has not ${KEY_BYTES} bytes.`);
    }
    this.#keys.clear();
    this.#keys.set(url, key);
    return key;
  }

  #fetchKey(url: string): Promise<Buffer> {
    return withinTime(url, SMALL_MS, this.#signal, async (signal) => {
      const { response } = await this.#client.get(url, { signal });
      try {
        checkStatus(response, url);
        return await readBody(unpackBody(response, url), KEY_BYTES * 64, url);
      } finally {
        response.body.on('error', () => undefined).destroy();
      }
    });
  }
}

function readData(url: string): Buffer {
  const [, isBase64, data = ''] =
    /^data:[^,]*?(;base64)?,(.*)$/s.exec(url.slice(0, MAX_DATA_CHARACTERS)) ?? [];
  if (isBase64 !== undefined) return Buffer.from(data, 'base64');
  try {
    return Buffer.from(decodeURIComponent(data), 'latin1');
  } catch (cause) {
    throw new InputError('PLAYLIST_UNREADABLE', `The key ${showAddress(url)} cannot be read.`, { cause });
  }
}
