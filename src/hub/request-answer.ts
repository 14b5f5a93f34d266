import { NetworkError } from '../base/errors.js';
import { type HubClient, isOnHub } from './hub-client.js';
import { retry } from './retry.js';
import { readBody, sendRequest } from './send-request.js';

/** A page of a list has 1,000 files of 300 bytes; what a model's page says of itself some 100 KB. Decompressed. */
const MAX_ANSWER_BYTES = 32 * 2 ** 20;
/** A server that gives a byte now and then would otherwise be listened to for ever. */
const MAX_ANSWER_MS = 120_000;
/** Headers that the library and pali read. */
const KEPT_HEADERS = ['content-type', 'link', 'x-error-code', 'x-error-message', 'x-request-id'];

/**
 * An answer of the hub's API, whole: of bounded size, in bounded time, and from the hub alone.
 * @param what was asked for, as the message calls it.
 * @throws {NetworkError} it cannot be had, is too large or too slow, or lies elsewhere. {CancelledError}
 */
export async function requestAnswer(
  client: HubClient,
  what: string,
  url: string,
  signal?: AbortSignal,
  limitMs = MAX_ANSWER_MS,
): Promise<Response> {
  if (!isOnHub(client, url)) throw oddAnswer(what, 'it goes on at another host');
  return retry(client, what, async () => readWhole(client, what, url, signal, limitMs), signal, {
    isQuestion: true,
  });
}

async function readWhole(
  client: HubClient,
  what: string,
  url: string,
  signal: AbortSignal | undefined,
  limitMs: number,
): Promise<Response> {
  const open = await sendRequest(client, url, { accept: 'application/json' }, signal);
  const startedAt = performance.now();
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  // Leaving the loop closes the connection.
  for await (const chunk of readBody(open, client.stallMs)) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes > MAX_ANSWER_BYTES) {
      throw oddAnswer(what, `it is larger than ${MAX_ANSWER_BYTES / 2 ** 20} MiB`);
    }
    if (performance.now() - startedAt > limitMs) {
      throw oddAnswer(what, `it was not complete after ${Math.round(limitMs / 1000)} s`);
    }
  }
  const { status, headers } = open.response;
  const kept = KEPT_HEADERS.flatMap((name) => {
    const value = headers.get(name);
    return value === null ? [] : [[name, value] satisfies [string, string]];
  });
  if (status < 200 || status > 599) throw oddAnswer(what, `its status is ${status}`);
  const isEmpty = status === 204 || status === 205 || status === 304;
  return new Response(isEmpty ? null : Buffer.concat(chunks), { status, headers: kept });
}

/** The error for an answer that no hub gives. */
export function oddAnswer(what: string, why: string, cause?: unknown): NetworkError {
  return new NetworkError('HUB_ODD', `The hub's answer about ${what} cannot be used: ${why}.`, {
    hint: 'Check HF_ENDPOINT: is it a hub, and does no proxy answer in its place?',
    cause,
  });
}
