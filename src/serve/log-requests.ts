import type { MiddlewareHandler } from 'hono';
import type { RequestFacts, ServeContext, ServeEnv } from './serve-context.js';

/** Paths that monitors request again and again. */
const QUIET_PATHS = ['/health', '/metrics', '/v1/status'];

/** Count every request and log it, once its answer ends. */
export function logRequests(server: ServeContext): MiddlewareHandler<ServeEnv> {
  return async (c, next) => {
    const startedAt = performance.now();
    const facts: RequestFacts = {};
    c.set('facts', facts);
    const finish = (): void => {
      // Unknown paths are not used as labels: anyone could create any number of them.
      const route = c.res.status === 404 ? '-' : c.req.path;
      server.metrics.countRequest(route, facts.task ?? '-', c.res.status);
      if (QUIET_PATHS.includes(route) && c.res.ok) return;
      const durationMs = performance.now() - startedAt;
      const { method, path } = c.req;
      server.log({ time: new Date(), method, route: path, status: c.res.status, durationMs, facts });
    };
    const { outgoing } = c.env;
    await next();
    if (outgoing === undefined || outgoing.closed) finish();
    else outgoing.once('close', finish);
  };
}
