import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

/** One state of a repository. */
export interface FakeRevision {
  readonly commit: string;
  readonly files: ReadonlyMap<string, Buffer>;
}

/** A repository on the fake hub. */
export interface FakeRepository {
  readonly revisions: Map<string, FakeRevision>;
  /** The token that may read its files; anyone when absent. */
  readonly onlyFor?: string;
  readonly licence?: string;
}

/** A request as it arrived. */
export interface SeenRequest {
  readonly host: 'hub' | 'files';
  readonly path: string;
  readonly range: string | undefined;
  readonly token: string | undefined;
}

/** What the file host does with one request instead of answering it well. */
export type Fault =
  | { readonly status: number; readonly retryAfter?: string }
  /** Break the connection after so many bytes. */
  | { readonly cutAfter: number }
  /** Stop sending after so many bytes, and keep the connection. */
  | { readonly stallAfter: number }
  /** So many bytes at a time with a pause between. */
  | { readonly chunkBytes: number; readonly pauseMs: number }
  | { readonly content: Buffer }
  /** Answer well, but not before this has settled. */
  | { readonly after: Promise<unknown> }
  | { readonly ignoresRanges: true };

/** Files from this size on lie with the file host and have a sha256, as on the real hub. */
const LFS_BYTES = 4096;

/** A server that behaves as the hub does: an API, redirects to a file host, ranges, refusals. */
export class FakeHub {
  readonly repositories = new Map<string, FakeRepository>();
  readonly requests: SeenRequest[] = [];
  /** Bytes of file contents that were sent. */
  sentBytes = 0;
  /** Asked at every request for a file; undefined answers it well. */
  fault: (path: string, count: number) => Fault | undefined = () => undefined;
  /** Asked at every other request to the hub. */
  apiFault: (path: string, count: number) => Fault | undefined = () => undefined;
  #hub: Server | undefined;
  #files: Server | undefined;
  readonly #counts = new Map<string, number>();

  static async start(): Promise<FakeHub> {
    const fake = new FakeHub();
    fake.#hub = createServer((request, response) => void fake.#answerHub(request, response));
    fake.#files = createServer((request, response) => void fake.#answerFiles(request, response));
    for (const server of [fake.#hub, fake.#files]) {
      await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    }
    return fake;
  }

  get endpoint(): string {
    return `http://127.0.0.1:${(this.#hub!.address() as AddressInfo).port}`;
  }

  get fileHost(): string {
    return `http://127.0.0.1:${(this.#files!.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    for (const server of [this.#hub!, this.#files!]) {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    }
  }

  /** Forget requests and faults. */
  reset(): void {
    this.requests.length = 0;
    this.sentBytes = 0;
    this.#counts.clear();
    this.fault = () => undefined;
    this.apiFault = () => undefined;
  }

  #count(key: string): number {
    const count = (this.#counts.get(key) ?? 0) + 1;
    this.#counts.set(key, count);
    return count;
  }

  #see(host: SeenRequest['host'], request: IncomingMessage): string {
    const path = decodeURIComponent(new URL(request.url!, 'http://x').pathname);
    const token = request.headers.authorization?.replace('Bearer ', '');
    this.requests.push({ host, path, range: request.headers.range, token });
    return path;
  }

  async #answerHub(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = this.#see('hub', request);
    const { token } = this.requests.at(-1)!;
    const refuse = (status: number, code: string): void =>
      void response.writeHead(status, { 'x-error-code': code }).end(code);
    if (path === '/api/whoami-v2') {
      if (token !== 'hf_good') return refuse(401, 'Unauthorized');
      return sendJson(response, { type: 'user', name: 'somebody', auth: { type: 'access_token' } });
    }
    const api = /^\/api\/models\/([^/]+\/[^/]+)\/(revision|tree)\/(.+)$/.exec(path);
    const file = /^\/([^/]+\/[^/]+)\/resolve\/([^/]+)\/(.+)$/.exec(path);
    const [, name, , revisionName] = api ?? (file ? [file[0], file[1], '', file[2]] : []);
    if (api) {
      const fault = this.apiFault(path, this.#count(path));
      if (fault && 'status' in fault) return sendFault(response, fault);
      if (fault && 'content' in fault) return void response.writeHead(200).end(fault.content);
    }
    const repository = this.repositories.get(name ?? '');
    if (!repository) return refuse(token === undefined ? 401 : 404, 'RepoNotFound');
    const revision =
      repository.revisions.get(revisionName ?? '') ??
      [...repository.revisions.values()].find(({ commit }) => commit === revisionName);
    if (!revision) return refuse(404, 'RevisionNotFound');
    if (api?.[2] === 'revision') {
      const cardData = { license: repository.licence };
      return sendJson(response, { _id: '1', id: name, sha: revision.commit, cardData, lastModified: 0 });
    }
    if (api)
      return sendJson(
        response,
        [...revision.files].map(([each, content]) => listEntry(each, content)),
      );
    if (repository.onlyFor !== undefined && token !== repository.onlyFor) {
      return refuse(token === undefined ? 401 : 403, 'GatedRepo');
    }
    const content = revision.files.get(file![3]);
    if (!content) return refuse(404, 'EntryNotFound');
    if (content.length < LFS_BYTES) return this.#sendFile(file![3], content, request, response);
    const hash = sha256(content);
    response.writeHead(302, {
      location: `${this.fileHost}/${hash}/${file![3]}`,
      'x-linked-etag': `"${hash}"`,
      'x-linked-size': String(content.length),
    });
    response.end();
  }

  async #answerFiles(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [, hash, name] = this.#see('files', request).split('/');
    const all = [...this.repositories.values()].flatMap(({ revisions }) => [...revisions.values()]);
    const content = all.flatMap(({ files }) => [...files.values()]).find((each) => sha256(each) === hash);
    if (!content) return void response.writeHead(404).end();
    await this.#sendFile(name, content, request, response);
  }

  async #sendFile(
    name: string,
    sound: Buffer,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const fault = this.fault(name, this.#count(name));
    if (fault && 'status' in fault) return sendFault(response, fault);
    if (fault && 'after' in fault) await fault.after;
    const content = fault && 'content' in fault ? fault.content : sound;
    const range = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '');
    const isPart = range !== null && !(fault && 'ignoresRanges' in fault);
    const body = isPart ? content.subarray(Number(range[1]), Number(range[2]) + 1) : content;
    response.writeHead(isPart ? 206 : 200, {
      'content-length': body.length,
      ...(isPart && { 'content-range': `bytes ${range[1]}-${range[2]}/${content.length}` }),
    });
    const send = (bytes: Buffer): void => {
      this.sentBytes += bytes.length;
      response.write(bytes);
    };
    if (fault && ('cutAfter' in fault || 'stallAfter' in fault)) {
      send(body.subarray(0, 'cutAfter' in fault ? fault.cutAfter : fault.stallAfter));
      if ('cutAfter' in fault) {
        await wait(20);
        response.destroy();
      }
      return;
    }
    const { chunkBytes, pauseMs } =
      fault && 'chunkBytes' in fault ? fault : { chunkBytes: 65_536, pauseMs: 0 };
    for (let at = 0; at < body.length && !response.destroyed; at += chunkBytes) {
      send(body.subarray(at, at + chunkBytes));
      if (pauseMs > 0) await wait(pauseMs);
    }
    response.end();
  }
}

function sendFault(
  response: ServerResponse,
  { status, retryAfter }: { status: number; retryAfter?: string },
): void {
  response.writeHead(status, retryAfter === undefined ? {} : { 'retry-after': retryAfter }).end();
}

function sendJson(response: ServerResponse, value: unknown): void {
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(value));
}

function listEntry(path: string, content: Buffer): unknown {
  const oid = createHash('sha1').update(`blob ${content.length}\0`).update(content).digest('hex');
  const entry = { type: 'file', path, size: content.length, oid };
  if (content.length < LFS_BYTES) return entry;
  return { ...entry, lfs: { oid: sha256(content), size: content.length, pointerSize: 130 } };
}

export function sha256(content: Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}

/** A revision with the files of a folder; the commit is made of their content. */
export function revisionOf(folder: string, more: Readonly<Record<string, Buffer>> = {}): FakeRevision {
  const files = new Map<string, Buffer>();
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.isFile()) files.set(entry.name, readFileSync(join(folder, entry.name)));
  }
  for (const [name, content] of Object.entries(more)) files.set(name, content);
  return revisionWith(files);
}

export function revisionWith(files: ReadonlyMap<string, Buffer>): FakeRevision {
  const hash = createHash('sha1');
  for (const [name, content] of files) hash.update(name).update(content);
  return { commit: hash.digest('hex'), files };
}
