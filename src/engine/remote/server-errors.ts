import { NetworkError } from '../../base/errors.js';

/** The server, not the request, is at fault: another server or engine may give the answer. */
export class ServerFailure extends NetworkError {
  /** After this many milliseconds it may be tried again; absent when nobody knows. */
  readonly retryAfterMs: number | undefined;

  /** @param why the end of a sentence. */
  constructor(
    code: string,
    server: string,
    why: string,
    details: { cause?: unknown; retryAfterMs?: number } = {},
  ) {
    super(code, `The server ${server} ${why}.`, { cause: details.cause });
    this.retryAfterMs = details.retryAfterMs;
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'does not answer: nothing listens there',
  ENOENT: 'does not answer: nothing listens there',
  ENOTFOUND: 'is not known: its host has no address',
  EAI_AGAIN: 'is not known: its host could not be looked up',
  EHOSTUNREACH: 'cannot be reached',
  ENETUNREACH: 'cannot be reached',
  EACCES: 'cannot be reached: you have no permission for its socket',
  ECONNRESET: 'broke the connection',
  EPIPE: 'broke the connection',
  ETIMEDOUT: 'does not answer',
  ERR_INVALID_HTTP_TOKEN: 'cannot be asked: the key holds characters that a header cannot',
  ERR_INVALID_CHAR: 'cannot be asked: the key holds characters that a header cannot',
};

/** What node:http threw, as a failure of the server. */
export function toServerFailure(error: unknown, server: string): ServerFailure {
  if (error instanceof ServerFailure) return error;
  const { code = '', message = String(error) } = error as NodeJS.ErrnoException;
  const why = REASONS[code] ?? `cannot be asked: ${message.split('\n')[0]}`;
  return new ServerFailure('SERVER_UNREACHABLE', server, why, { cause: error });
}
