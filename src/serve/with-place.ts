import type { Context } from 'hono';
import { MAX_BODY_BYTES } from './body-size.js';
import type { ServeContext, ServeEnv } from './serve-context.js';

/**
 * Answer a request that takes a place in the queue.
 * @param work calls `onEnd` when the request no longer needs its place: at once, or when its stream is over.
 * @throws {HttpError} the queue is full. Whatever `work` throws; its place is then free.
 */
export async function withPlace(
  c: Context<ServeEnv>,
  { admission }: ServeContext,
  work: (onEnd: () => void) => Promise<Response>,
): Promise<Response> {
  const leave = admission.enter(Number(c.req.header('content-length') ?? MAX_BODY_BYTES));
  try {
    return await work(leave);
  } catch (error) {
    leave();
    throw error;
  }
}
