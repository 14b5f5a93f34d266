import { createHash, timingSafeEqual } from 'node:crypto';
import type { Context, MiddlewareHandler } from 'hono';
import { HttpError } from './http-error.js';
import type { ServeContext, ServeEnv } from './serve-context.js';

/** Names by which a browser reaches a server on its own machine. */
const LOCAL_HOSTS = ['localhost', '127.0.0.1', '[::1]'];
/** Answered without a key: monitors have none, and the page itself asks for it. */
const OPEN_PATHS = ['/health', '/'];

/**
 * Refuse requests from those who may not ask: under a foreign name for this machine (a page that pointed its own name
 * at this address), from another site's page, or from a client without the key. What comes over the Unix socket comes
 * from this user.
 */
export function checkAccess(server: ServeContext): MiddlewareHandler<ServeEnv> {
  return async (c, next) => {
    if (c.env.isUnixSocket !== true) {
      checkHost(c.req.header('host'), server);
      checkOrigin(c.req.header('origin'), c.req.header('host'), server);
      if (server.apiKey !== undefined && !OPEN_PATHS.includes(c.req.path) && !hasKey(c, server))
        throw wrongKey(c);
    }
    await next();
  };
}

/** Refuse a client that is neither one of this user's commands nor has the key. @throws {HttpError} */
export function checkEngineAccess(c: Context<ServeEnv>, server: ServeContext): void {
  if (!hasKey(c, server)) throw wrongKey(c);
}

function hasKey(c: Context<ServeEnv>, { apiKey, secret }: ServeContext): boolean {
  const given =
    /^Bearer\s+(.+)$/i.exec(c.req.header('authorization') ?? '')?.[1] ?? c.req.header('x-api-key');
  if (given === undefined) return false;
  // Always compare both, so that the time does not reveal which one matched.
  const isKey = apiKey !== undefined && isEqual(given, apiKey);
  const isSecret = isEqual(given, secret);
  return isKey || isSecret;
}

function wrongKey(c: Context<ServeEnv>): HttpError {
  const isGiven = c.req.header('authorization') !== undefined || c.req.header('x-api-key') !== undefined;
  return new HttpError(401, 'INVALID_API_KEY', isGiven ? 'The key is wrong.' : 'A key is needed.', {
    hint: 'Send it as: Authorization: Bearer KEY',
  });
}

/** Takes a time that does not depend on where they differ. */
function isEqual(a: string, b: string): boolean {
  const hash = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(hash(a), hash(b));
}

/** Whether a request's Host names this machine by a name that no other site can have. */
export function isLocalHost(host: string | undefined): boolean {
  const name = host?.replace(/:\d+$/, '').toLowerCase();
  return name !== undefined && LOCAL_HOSTS.includes(name);
}

function checkHost(host: string | undefined, { isPublic }: ServeContext): void {
  // On other addresses the names are unknown; the key provides the protection.
  if (isPublic) return;
  if (isLocalHost(host)) return;
  throw new HttpError(403, 'FOREIGN_HOST', 'The request is for another host than this machine.', {
    hint: 'Ask for localhost or 127.0.0.1.',
  });
}

/** Programs send no Origin; browsers do. */
function checkOrigin(origin: string | undefined, host: string | undefined, { origins }: ServeContext): void {
  if (origin === undefined || origins.includes('*') || origins.includes(origin)) return;
  const isOwn = URL.canParse(origin) && new URL(origin).host === host;
  if (isOwn) return;
  throw new HttpError(403, 'FOREIGN_ORIGIN', 'Pages of other sites may not ask.', {
    hint: 'Allow a site with: pali serve --cors https://its.address',
  });
}
