import { createPageDocument, type PageDocument } from '../../render/report/page-document.js';
import type { App } from '../serve-context.js';

let document: PageDocument | undefined;

/** The page for people: one file, which calls the task routes. It contains nothing private, so it needs no key. */
export function addPage(app: App): void {
  app.get('/', (c) => {
    document ??= createPageDocument({
      title: 'pali',
      name: 'ask',
      allows: { 'connect-src': "'self'", 'img-src': 'data: blob:', 'media-src': 'blob:' },
    });
    const { head, tail, contentSecurityPolicy } = document;
    return c.html(head + tail, 200, {
      'content-security-policy': `${contentSecurityPolicy}; frame-ancestors 'none'`,
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-cache',
    });
  });
}
