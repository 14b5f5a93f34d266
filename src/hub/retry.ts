import { CancelledError, NetworkError, PaliError } from '../base/errors.js';
import type { HubClient } from './hub-client.js';

/** Tries without any progress before a download is given up: with the pauses about half a minute. */
export const MAX_TRIES = 6;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 30_000;
/** A server that asks for a longer pause than this will not serve us today. */
const LONGEST_ASKED_PAUSE_MS = 300_000;
const MINUTES_OF_A_DAY = 24 * 60;

/** A failure that may not happen again on the next try. */
export class TransientError extends Error {
  constructor(
    message: string,
    /** What the server asked for with Retry-After. */
    readonly pauseMs?: number,
    cause?: unknown,
  ) {
    super(message, { cause });
    this.name = 'TransientError';
  }
}

/** What is tried. */
export interface RetryOptions {
  /** Whether the last try got further; if so, counting starts again. */
  readonly hasProgressed?: () => boolean;
  /** It is no download, which a later run would resume. */
  readonly isQuestion?: boolean;
}

/**
 * Try until it works: at most MAX_TRIES times in a row without progress, with pauses that double and are
 * jittered, or as long as the server asks.
 *
 * @throws {NetworkError} it did not work. Any other error of `attempt` is thrown at once. {CancelledError} `signal`.
 */
export async function retry<T>(
  { clock, random }: HubClient,
  what: string,
  attempt: () => Promise<T>,
  signal?: AbortSignal,
  { hasProgressed = () => false, isQuestion = false }: RetryOptions = {},
): Promise<T> {
  for (let tries = 1; ; tries++) {
    if (signal?.aborted) throw new CancelledError();
    try {
      return await attempt();
    } catch (error) {
      if (signal?.aborted) throw new CancelledError();
      if (error instanceof PaliError) throw error;
      const problem = toTransient(error);
      if (problem === undefined) throw error;
      if (hasProgressed()) tries = 1;
      const asked = problem.pauseMs ?? 0;
      if (tries >= MAX_TRIES || asked > LONGEST_ASKED_PAUSE_MS) throw gaveUp(what, problem, isQuestion);
      const own = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (tries - 1)) * (0.5 + random() / 2);
      try {
        await clock.sleep(Math.max(own, asked), signal);
      } catch {
        throw new CancelledError();
      }
    }
  }
}

/** fetch says `fetch failed` or `terminated` in a TypeError; the reason is its cause. */
function toTransient(error: unknown): TransientError | undefined {
  if (error instanceof TransientError) return error;
  if (!(error instanceof TypeError)) return undefined;
  const { cause } = error;
  const code = (cause as NodeJS.ErrnoException | undefined)?.code;
  const text = cause instanceof Error && cause.message !== '' ? cause.message : error.message;
  // A bug of ours is a TypeError too, but without a cause or these words.
  const isNetwork = cause !== undefined || /fetch failed|terminated|network/i.test(error.message);
  return isNetwork
    ? new TransientError(code === undefined ? text : `${text} (${code})`, undefined, error)
    : undefined;
}

function gaveUp(what: string, problem: TransientError, isQuestion: boolean): NetworkError {
  // A question has nothing that could be kept.
  const after = isQuestion ? '.' : ': it goes on where it stopped.';
  if (problem.pauseMs !== undefined) {
    const minutes = Math.ceil(problem.pauseMs / 60_000);
    const pause =
      minutes > MINUTES_OF_A_DAY ? 'more than a day' : minutes === 1 ? 'a minute' : `${minutes} minutes`;
    return new NetworkError('DOWNLOAD_FAILED', `${what} could not be fetched: ${problem.message}.`, {
      hint: `The server asks to wait ${pause}. Run the command again then${after}`,
      cause: problem,
    });
  }
  return new NetworkError('DOWNLOAD_FAILED', `${what} could not be fetched: ${problem.message}.`, {
    hint: `Check the connection, HF_ENDPOINT and the proxy variables, and run the command again${after}`,
    cause: problem,
  });
}

/** Statuses that mean "not now"; undefined for all others. */
export function toTransientStatus(response: Response, now = Date.now()): TransientError | undefined {
  const { status } = response;
  if (status !== 408 && status !== 429 && status < 500) return undefined;
  const seconds = readPause(response.headers, now);
  return new TransientError(
    `the server answered ${status}${status === 429 ? ' (too many requests)' : ''}`,
    Number.isFinite(seconds) && seconds > 0 ? seconds * 1000 : undefined,
  );
}

/** Seconds until the server wants to be asked again, from Retry-After or the hub's RateLimit (`;t=` its window's rest). */
function readPause(headers: Headers, now: number): number {
  const asked = headers.get('retry-after');
  if (asked === null) return Number(/;\s*t=(\d+)/.exec(headers.get('ratelimit') ?? '')?.[1] ?? NaN);
  return /^\d+$/.test(asked) ? Number(asked) : (Date.parse(asked) - now) / 1000;
}
