import { Hono } from 'hono';
import { limitConcurrency } from '../../base/semaphore.js';
import { shrinkToJpeg } from '../../render/report/embed-picture.js';
import { createReportWriter } from '../../render/report/report-writer.js';
import { isLocalHost } from '../check-access.js';
import type { App, ServeEnv } from '../serve-context.js';
import type { OpenResultPicture } from './open-result-picture.js';
import type { ResultFile } from './read-result-file.js';

/** Longer side of a picture sent to the page, pixels. */
const SIDE = 1600;
const QUALITY = 88;
/** Pictures decoded at the same time: each may take hundreds of megabytes. */
const AT_ONCE = 2;

/**
 * The results page, with pictures that are opened when they scroll into view.
 * @param secret part of every address, so that other users of this machine, who can reach the port, cannot guess it.
 */
export function createReviewApp(
  { results, problems }: ResultFile,
  openPicture: OpenResultPicture,
  secret: string,
): App {
  const app: App = new Hono<ServeEnv>();
  const inTurn = limitConcurrency(AT_ONCE);
  app.use(async (c, next) => {
    if (!isLocalHost(c.req.header('host'))) return c.text('Ask for 127.0.0.1.', 403);
    c.header('x-content-type-options', 'nosniff');
    c.header('referrer-policy', 'no-referrer');
    return next();
  });
  app.get(`/${secret}/`, (c) => {
    const writer = createReportWriter({ isServed: true });
    const parts = [
      writer.start(),
      ...problems.map((problem) => writer.note(problem)),
      ...results.map((result, i) => writer.result(result, result.error ? undefined : `pictures/${i}`)),
      writer.end(),
    ];
    const policy = `${writer.contentSecurityPolicy}; frame-ancestors 'none'`;
    return c.html(parts.join(''), 200, { 'content-security-policy': policy, 'cache-control': 'no-store' });
  });
  app.get(`/${secret}/pictures/:number{[0-9]+}`, async (c) => {
    const result = results[Number(c.req.param('number'))];
    if (result === undefined) return c.notFound();
    const { signal } = c.req.raw;
    try {
      const jpeg = await inTurn(async () => {
        signal.throwIfAborted();
        return shrinkToJpeg(await openPicture(result, signal), SIDE, QUALITY);
      });
      return c.body(Buffer.from(jpeg), 200, {
        'content-type': 'image/jpeg',
        'cache-control': 'private, max-age=3600',
      });
    } catch (error) {
      return c.text(error instanceof Error ? error.message : String(error), 404);
    }
  });
  return app;
}
