import {
  Agent,
  request as requestHttp,
  type ClientRequest,
  type IncomingMessage,
  type RequestOptions,
} from 'node:http';
import { Agent as SecureAgent, request as requestHttps } from 'node:https';
import { CancelledError } from '../../base/errors.js';
import type { ServerAddress } from './server-address.js';
import { ServerFailure, toServerFailure } from './server-errors.js';

/** One request. */
export interface HttpCall {
  readonly method?: 'GET' | 'POST';
  readonly path: string;
  readonly body?: Uint8Array | string;
  readonly contentType?: string;
  readonly signal?: AbortSignal | undefined;
  /** Nothing heard for this long, milliseconds: the server is hung. */
  readonly silenceMs: number;
}

/** Longest line or document that is read, bytes: an answer of 8192 tokens with 20 alternatives each is a third. */
const MAX_TEXT_BYTES = 32 * 2 ** 20;

/** Speaks HTTP with one server, over a Unix socket, http or https. Connections are kept until `close`. */
export class HttpClient {
  readonly address: ServerAddress;
  readonly #agent: Agent;

  constructor(address: ServerAddress) {
    this.address = address;
    this.#agent =
      address.url?.protocol === 'https:'
        ? new SecureAgent({ keepAlive: true })
        : new Agent({ keepAlive: true });
  }

  /**
   * @returns the answer, its body unread.
   * @throws {ServerFailure} it cannot be reached, or is silent. {CancelledError} `signal` was aborted.
   */
  async send(call: HttpCall): Promise<IncomingMessage> {
    const { method = 'POST', path, body, signal, silenceMs } = call;
    if (signal?.aborted) throw new CancelledError();
    const { name, socketPath, url, secret } = this.address;
    const base = url?.pathname.replace(/\/$/, '') ?? '';
    const options: RequestOptions = {
      ...(socketPath === undefined
        ? { host: url!.hostname.replace(/^\[|\]$/g, ''), port: url!.port }
        : { socketPath }),
      method,
      path: `${base}${path}`,
      agent: this.#agent,
      headers: {
        host: url?.host ?? 'localhost',
        ...(secret !== undefined && { authorization: `Bearer ${secret}` }),
        ...(body !== undefined && {
          'content-type': call.contentType ?? 'application/json',
          'content-length': Buffer.byteLength(body),
        }),
      },
      ...(signal && { signal }),
    };
    return new Promise((resolve, reject) => {
      const fail = (error: unknown): void => {
        reject(signal?.aborted ? new CancelledError() : toServerFailure(error, name));
      };
      let request: ClientRequest;
      try {
        request = (url?.protocol === 'https:' ? requestHttps : requestHttp)(options);
      } catch (error) {
        fail(error);
        return;
      }
      request.setTimeout(silenceMs, () => request.destroy(silent(name, silenceMs)));
      request.on('error', fail).on('response', resolve);
      request.end(body);
    });
  }

  /** End every connection. */
  close(): void {
    this.#agent.destroy();
  }
}

/**
 * The lines of a body as they come, empty ones left out.
 * @throws {ServerFailure} it broke off, or a line is too long. {CancelledError} `signal` was aborted.
 */
export async function* readLines(
  body: IncomingMessage,
  server: string,
  signal?: AbortSignal,
): AsyncGenerator<string, void, undefined> {
  let rest = '';
  body.setEncoding('utf8');
  try {
    for await (const chunk of body as AsyncIterable<string>) {
      const lines = (rest + chunk).split('\n');
      rest = lines.pop()!;
      for (const line of lines) if (line !== '') yield line;
      if (rest.length > MAX_TEXT_BYTES) {
        throw new ServerFailure('SERVER_PROTOCOL', server, 'sends a line without an end');
      }
    }
  } catch (error) {
    if (signal?.aborted) throw new CancelledError();
    throw toServerFailure(error, server);
  }
}

/** A whole body. @throws as readLines. */
export async function readBody(body: IncomingMessage, server: string): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  try {
    for await (const chunk of body as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      sizeBytes += chunk.length;
      if (sizeBytes > MAX_TEXT_BYTES) throw new ServerFailure('SERVER_PROTOCOL', server, 'sends too much');
    }
  } catch (error) {
    throw toServerFailure(error, server);
  }
  return Buffer.concat(chunks);
}

function silent(server: string, silenceMs: number): ServerFailure {
  return new ServerFailure(
    'SERVER_SILENT',
    server,
    `hangs: nothing came from it for ${Math.round(silenceMs / 1000)} s`,
  );
}
