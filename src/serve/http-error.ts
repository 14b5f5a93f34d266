import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { PaliError, describeError, exitCodes, joinHint } from '../base/errors.js';

/** An error that knows its HTTP status; other errors get theirs from their exit code. */
export class HttpError extends PaliError {
  readonly exitCode = exitCodes.usage;
  readonly status: ContentfulStatusCode;
  /** The field of the request that is at fault. */
  readonly param: string | undefined;
  readonly retryAfterSeconds: number | undefined;

  constructor(
    status: ContentfulStatusCode,
    code: string,
    message: string,
    details: { readonly hint?: string; readonly param?: string; readonly retryAfterSeconds?: number } = {},
  ) {
    super(code, message, details);
    this.status = status;
    this.param = details.param;
    this.retryAfterSeconds = details.retryAfterSeconds;
  }
}

/** An error for a request with a field whose value is not allowed. */
export function badRequest(message: string, param?: string, hint?: string): HttpError {
  return new HttpError(400, 'invalid_value', message, {
    ...(param !== undefined && { param }),
    ...(hint !== undefined && { hint }),
  });
}

/** The HTTP status of anything that was thrown. */
export function statusOf(error: unknown): ContentfulStatusCode {
  if (error instanceof HttpError) return error.status;
  const { code, exitCode } = describeError(error);
  if (code === 'IMAGE_TOO_LARGE') return 413;
  return statusOfExitCode(exitCode, code);
}

function statusOfExitCode(exitCode: number, code: string): ContentfulStatusCode {
  switch (exitCode) {
    case exitCodes.usage:
    case exitCodes.input:
      return 400;
    case exitCodes.model:
      return code === 'MODEL_MISSING' || code === 'DTYPE_MISSING' ? 404 : 500;
    case exitCodes.network:
      return 502;
    case exitCodes.engine:
    case exitCodes.cancelled:
      return 503;
    default:
      return 500;
  }
}

/** An error as OpenAI's API writes it; `hint` is ours. */
export interface ErrorBody {
  readonly error: {
    readonly message: string;
    readonly type: string;
    readonly param: string | null;
    readonly code: string;
    readonly hint?: string;
  };
}

/** The error as clients see it. A bug is only called one: its text may hold things that are not meant for them. */
export function toErrorBody(error: unknown): ErrorBody {
  const status = statusOf(error);
  const { code, message, hint } = describeError(error);
  const isBug = code === 'BUG';
  return {
    error: {
      message: isBug ? 'pali failed: this is a bug. Its log says more.' : joinHint({ message, hint }),
      type: typeOf(status),
      param: error instanceof HttpError ? (error.param ?? null) : null,
      code: code === 'MODEL_MISSING' ? 'model_not_found' : code.toLowerCase(),
      ...(hint !== undefined && { hint }),
    },
  };
}

/** Headers sent with an error. */
export function errorHeaders(error: unknown): Record<string, string> {
  const seconds = error instanceof HttpError ? error.retryAfterSeconds : undefined;
  if (seconds !== undefined) return { 'retry-after': String(seconds) };
  return statusOf(error) === 503 ? { 'retry-after': '1' } : {};
}

function typeOf(status: number): string {
  if (status === 401) return 'authentication_error';
  if (status === 403) return 'permission_error';
  if (status === 429) return 'rate_limit_error';
  return status < 500 ? 'invalid_request_error' : 'server_error';
}
