import { HttpError } from './http-error.js';

/** Bytes of request bodies allowed in at once: eight of the largest. */
const MAX_BODY_BYTES = 512 * 2 ** 20;

/** Lets a bounded number of requests in. */
export class Admission {
  readonly maxRequests: number;
  #requests = 0;
  #bodyBytes = 0;
  #isClosed = false;
  #onEmpty: () => void = () => undefined;

  /** @param maxRequests in progress at the same time, including those waiting for the model. */
  constructor(maxRequests: number) {
    this.maxRequests = maxRequests;
  }

  /** Requests in progress. */
  get count(): number {
    return this.#requests;
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /**
   * @param bodyBytes of the request's body, at most.
   * @returns a function that ends the request; calling it again is harmless.
   * @throws {HttpError} there is no room (429), or the server is shutting down (503).
   */
  enter(bodyBytes: number): () => void {
    if (this.#isClosed) {
      throw new HttpError(503, 'SERVER_STOPPING', 'The server is stopping.', { retryAfterSeconds: 2 });
    }
    const hasRoom = this.#requests < this.maxRequests && this.#bodyBytes + bodyBytes <= MAX_BODY_BYTES;
    if (this.#requests > 0 && !hasRoom) {
      throw new HttpError(429, 'QUEUE_FULL', `The queue is full: ${this.#requests} requests are under way.`, {
        hint: 'Try again in a second, or start the server with a larger --max-queue.',
        retryAfterSeconds: 1,
      });
    }
    this.#requests++;
    this.#bodyBytes += bodyBytes;
    let isIn = true;
    return () => {
      if (!isIn) return;
      isIn = false;
      this.#requests--;
      this.#bodyBytes -= bodyBytes;
      if (this.#requests === 0) this.#onEmpty();
    };
  }

  /** Let no more requests in. @returns settles when the last one has left. */
  async close(): Promise<void> {
    this.#isClosed = true;
    if (this.#requests > 0) await new Promise<void>((resolve) => (this.#onEmpty = resolve));
  }
}
