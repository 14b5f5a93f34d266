import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { listen } from '../listen.js';
import { createPictureOpener } from './open-result-picture.js';
import { readResultFile } from './read-result-file.js';
import { createReviewApp } from './review-app.js';
import { countNoun } from '../../render/count-noun.js';

/** What the command line says. */
export interface ReviewRun {
  readonly path: string;
  /** Folder in which to look for the pictures by name. */
  readonly images: string | undefined;
  /** 0 for any free port. */
  readonly port: number;
  readonly opensBrowser: boolean;
}

/**
 * Show results in the browser until `signal` is aborted.
 * @throws {InputError} the results cannot be read. {UsageError} the port is taken.
 */
export async function runReview(
  { path, images, port, opensBrowser }: ReviewRun,
  signal: AbortSignal,
): Promise<void> {
  const file = await readResultFile(path);
  const secret = randomBytes(16).toString('hex');
  const app = createReviewApp(file, createPictureOpener(path, images), secret);
  const listener = await listen(app, { host: '127.0.0.1', port });
  try {
    const address = `${listener.url!}/${secret}/`;
    for (const problem of file.problems) process.stderr.write(`warning: ${problem}\n`);
    const count = file.results.length;
    process.stderr.write(`${countNoun(count, 'result')} on ${address} ; Ctrl-C ends it.\n`);
    if (opensBrowser) openBrowser(address);
    if (!signal.aborted)
      await new Promise((settle) => signal.addEventListener('abort', settle, { once: true }));
  } finally {
    await listener.close();
  }
}

/** Without a browser, the address on stderr is enough. */
function openBrowser(address: string): void {
  const openers: Partial<Record<NodeJS.Platform, readonly [string, ...string[]]>> = {
    darwin: ['open'],
    win32: ['rundll32', 'url.dll,FileProtocolHandler'],
  };
  const [program, ...args] = openers[process.platform] ?? ['xdg-open'];
  const child = spawn(program, [...args, address], { stdio: 'ignore', detached: true });
  child.on('error', () => undefined);
  child.unref();
}
