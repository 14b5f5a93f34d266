import { once } from 'node:events';
import { serveStdio, StdioServerTransport } from '@modelcontextprotocol/server/stdio';
import type { Engine } from '../models/open-engine.js';
import { askEngine } from './ask-engine.js';
import { createMcpServer } from './create-mcp-server.js';
import { LentEngine } from './lent-engine.js';
import { MaskFolder } from './mask-folder.js';
import { PictureRoots } from './picture-roots.js';

/** How the tools are served. */
export interface StdioOptions {
  /** Folders that pictures may be read from. */
  readonly folders: readonly string[];
  /** Where masks are kept; a temporary folder when absent. */
  readonly maskFolder: string | undefined;
  readonly allowsPrivateUrls: boolean;
  /** Milliseconds from the last call until the model leaves memory; 0 at once, -1 never. */
  readonly keepAliveMs: number;
  /** Opens the model, at the first call. */
  readonly openEngine: () => Promise<Engine>;
}

/** Largest message, bytes: that of a picture of 64 MiB as base64 would be refused with its sentence. */
const MAX_MESSAGE_BYTES = 90 * 2 ** 20;

/** Tells when it has ended, whichever side ended it. */
class WatchedTransport extends StdioServerTransport {
  readonly #closed = new AbortController();

  get closed(): AbortSignal {
    return this.#closed.signal;
  }

  override async close(): Promise<void> {
    await super.close();
    this.#closed.abort();
  }
}

/**
 * Serve the tools on stdin and stdout until the client closes stdin or `signal` is aborted. Nothing else may write to
 * stdout meanwhile.
 * @throws {UsageError} one of the folders is none.
 */
export async function runStdio(options: StdioOptions, signal: AbortSignal): Promise<void> {
  const { folders, maskFolder, allowsPrivateUrls, keepAliveMs, openEngine } = options;
  const pictures = { roots: await PictureRoots.open(folders), allowsPrivateUrls };
  const engine = new LentEngine(openEngine, keepAliveMs);
  const masks = new MaskFolder(maskFolder);
  const transport = new WatchedTransport(process.stdin, process.stdout, { maxBufferSize: MAX_MESSAGE_BYTES });
  const until = AbortSignal.any([signal, transport.closed]);
  const server = serveStdio(
    () =>
      createMcpServer({
        ask: (question) => engine.use((open) => askEngine(open, question)),
        pictures,
        masks,
      }),
    { transport, onerror: ({ message }) => void process.stderr.write(`${message.slice(0, 200)}\n`) },
  );
  try {
    if (!until.aborted) await once(until, 'abort');
  } finally {
    await server.close();
    await Promise.all([engine.close(), masks.close()]);
  }
}
