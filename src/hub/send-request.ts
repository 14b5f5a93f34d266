import { stripControl } from '../base/strip-control.js';
import { authorize, type HubClient, isOnHub } from './hub-client.js';
import { TransientError, toTransientStatus } from './retry.js';
import { onAbort } from '../base/signals/on-abort.js';

/** A response whose headers have arrived, and how to close it. */
export interface OpenResponse {
  readonly response: Response;
  /** Close the connection, read or not. */
  readonly abandon: () => void;
}

/**
 * Send one request, with the token where it belongs, and wait for the headers of the answer.
 *
 * @throws {TransientError} no answer in time, or one that means "not now"; this includes a file host's refusal of a
 * link from the hub (links expire).
 */
export async function sendRequest(
  client: HubClient,
  url: string,
  headers: Record<string, string>,
  signal?: AbortSignal,
): Promise<OpenResponse> {
  const stopped = new AbortController();
  const stop = (): void => stopped.abort();
  const stopListening = onAbort(signal, stop);
  let isLate = false;
  const timer = setTimeout(() => {
    isLate = true;
    stop();
  }, client.stallMs);
  const abandon = (): void => {
    stopListening();
    stop();
  };
  try {
    const response = await client.fetch(url, {
      headers: { ...headers, ...authorize(client, url) },
      signal: stopped.signal,
    });
    const later = toTransientStatus(response);
    const isExpired = response.status === 403 && response.url !== '' && !isOnHub(client, response.url);
    if (later || isExpired) {
      throw later ?? new TransientError(`the file host ${new URL(response.url).host} answered 403`);
    }
    return { response, abandon };
  } catch (error) {
    abandon();
    if (isLate) throw new TransientError(`no answer within ${client.stallMs / 1000} s`, undefined, error);
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

/**
 * The bytes of an answer as they come.
 * @throws {TransientError} nothing came for `stallMs`.
 */
export async function* readBody(
  { response, abandon }: OpenResponse,
  stallMs: number,
): AsyncGenerator<Uint8Array> {
  if (!response.body) return;
  const reader = response.body.getReader() as ReadableStreamDefaultReader<Uint8Array>;
  let timer: NodeJS.Timeout | undefined;
  try {
    for (;;) {
      const stalled = new Promise<never>((_, reject) => {
        timer = setTimeout(() => reject(new TransientError(`nothing came for ${stallMs / 1000} s`)), stallMs);
      });
      const { done, value } = await Promise.race([reader.read(), stalled]);
      clearTimeout(timer);
      if (done) return;
      yield value;
    }
  } finally {
    clearTimeout(timer);
    abandon();
    reader.cancel().catch(() => undefined);
  }
}

/** A server's text, fit for a message. */
export function shorten(text: string): string {
  return stripControl(text).replace(/\s+/g, ' ').trim().slice(0, 200);
}
