import { CancelledError, InputError, NetworkError, PaliError } from '../base/errors.js';
import { stripControl } from '../base/strip-control.js';

/** Longest address that an error repeats, characters. */
const MAX_SHOWN_CHARACTERS = 200;

const REASONS: Readonly<Record<string, string>> = {
  ENOTFOUND: 'its host is not known',
  EAI_AGAIN: 'its host could not be looked up',
  ECONNREFUSED: 'nothing answers there',
  ECONNRESET: 'the connection broke',
  UND_ERR_SOCKET: 'the connection broke',
  Z_DATA_ERROR: 'what its server packed is damaged',
  Z_BUF_ERROR: 'what its server packed is cut off',
};

/** What there is at the address is neither a picture nor a video, but of this type. */
export function noPicture(url: string, type: string): InputError {
  return new InputError('URL_NO_PICTURE', `${showAddress(url)} is not a picture but ${showAddress(type)}.`, {
    hint: 'Use the address of the picture or video itself, not of the page that shows it.',
  });
}

/**
 * An error of undici or ours, as one for the user. Never throws: a DOMException has a number as its code, and what was
 * thrown may be anything.
 * @param limitMs the time limit that was in force.
 */
export function toPaliError(error: unknown, url: string, limitMs: number): PaliError {
  if (error instanceof PaliError) return error;
  const code = textOf(error, 'code');
  const name = textOf(error, 'name');
  const message = textOf(error, 'message');
  if (/TIMEOUT/.test(code) || name === 'TimeoutError') {
    return new NetworkError(
      'URL_TIMEOUT',
      `${showAddress(url)} did not arrive within ${Math.round(limitMs / 1000)} s.`,
      {
        cause: error,
      },
    );
  }
  const refusal = /^Proxy response \((\d+)\)/.exec(message)?.[1];
  if (refusal !== undefined) {
    return new NetworkError(
      'URL_FAILED',
      `The proxy does not lead to ${showAddress(url)}: it answered ${refusal}.`,
      {
        hint: 'Check HTTPS_PROXY and HTTP_PROXY, or name the host in NO_PROXY.',
        cause: error,
      },
    );
  }
  // Else nothing but our own signals aborts; a deadline's reason is a TimeoutError.
  if (name === 'AbortError') return new CancelledError();
  return new NetworkError(
    'URL_FAILED',
    `${showAddress(url)} could not be fetched: ${REASONS[code] ?? showAddress(code || message)}.`,
    {
      hint: 'Check the address and the connection.',
      cause: error,
    },
  );
}

function textOf(error: unknown, field: 'code' | 'name' | 'message'): string {
  const value = (error as Partial<Record<string, unknown>> | null | undefined)?.[field];
  return typeof value === 'string' ? value : '';
}

/** Untrusted text, fit for one line of a message. */
export function showAddress(text: string): string {
  const line = stripControl(text).replace(/\s+/g, ' ');
  return line.length > MAX_SHOWN_CHARACTERS ? `${line.slice(0, MAX_SHOWN_CHARACTERS)}…` : line;
}
