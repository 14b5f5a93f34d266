import { setMaxListeners } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import type { IncomingMessage } from 'node:http';
import { CancelledError } from '../../base/errors.js';
import { joinSignals } from '../../base/signals/join-signals.js';
import type { Engine, EngineEvent, EngineInfo, EngineRequest, PreparedPicture } from '../engine.js';
import { MASK_VALUES } from '../messages.js';
import { unpackError } from '../wire-error.js';
import {
  CONTRACT,
  enginePaths,
  HEARTBEAT_MS,
  pictureHeaders,
  type ServedModel,
  type ServerLine,
  type WantedModel,
} from './contract.js';
import { HttpClient, readBody, readLines, type HttpCall } from './http-client.js';
import { describeRefusal, endless } from './describe-refusal.js';
import { packAsk } from './pack-request.js';
import { parseServerLine } from './parse-server-line.js';
import type { ServerAddress } from './server-address.js';
import { ServerFailure } from './server-errors.js';

/** Silence that no living server keeps: heartbeats come every two seconds, and a busy machine may delay some. */
const SILENCE_MS = 5 * HEARTBEAT_MS;
const CHANNELS = 3;
/** Between two tries at a server whose queue is full, milliseconds, unless it says otherwise. */
const RETRY_MS = 1000;

/** Which server, which model, and how patient to be. */
export interface RemoteOptions {
  readonly address: ServerAddress;
  readonly model: Omit<WantedModel, 'contract'>;
  /** Ask no server of another version. */
  readonly version?: string | undefined;
  /** A queue that is full is a failure of the server, rather than a reason to wait. */
  readonly isImpatient?: boolean;
  /** Tests take less. */
  readonly silenceMs?: number;
}

/** An engine with the model that its server answered with. */
export interface RemoteEngine extends Engine {
  /** As `load`, and what the server says of the model. */
  loadServed(onShare?: (share: number) => void): Promise<ServedModel>;
}

/**
 * The model of a server, asked over HTTP. What the server is to blame for is thrown as a ServerFailure, so that
 * another engine can be asked instead. Nothing is sent before the first call.
 */
export function createRemoteEngine(options: RemoteOptions): RemoteEngine {
  return new RemoteEngineClient(options);
}

class RemoteEngineClient implements RemoteEngine {
  readonly #options: RemoteOptions;
  readonly #client: HttpClient;
  readonly #model: WantedModel;
  readonly #closed = new AbortController();
  #loading: Promise<{ model: ServedModel; loadMs: number }> | undefined;
  #hasPrepared = false;
  readonly #listeners = new Set<(share: number) => void>();

  constructor(options: RemoteOptions) {
    this.#options = options;
    this.#client = new HttpClient(options.address);
    this.#model = { ...options.model, contract: CONTRACT };
    // One for each request under way.
    setMaxListeners(0, this.#closed.signal);
  }

  async load(onShare?: (share: number) => void): Promise<EngineInfo> {
    const { name: model, dtype, device, imageSize, notes } = await this.loadServed(onShare);
    const { loadMs } = await this.#loading!;
    const server = `server ${this.#options.address.name}`;
    return { model, dtype, device, imageSize, notes, loadMs, server };
  }

  async loadServed(onShare?: (share: number) => void): Promise<ServedModel> {
    if (onShare !== undefined) this.#listeners.add(onShare);
    try {
      this.#loading ??= this.#load();
      this.#loading.catch(() => (this.#loading = undefined));
      return (await this.#loading).model;
    } finally {
      if (onShare !== undefined) this.#listeners.delete(onShare);
    }
  }

  async findImageSize(): Promise<number> {
    return (await this.loadServed()).imageSize;
  }

  /** Only the first picture, and only on this machine: for more, a decoder of this process's own pays. */
  async preparePicture(file: Uint8Array, signal: AbortSignal): Promise<PreparedPicture | undefined> {
    const { name, socketPath } = this.#options.address;
    if (this.#hasPrepared || socketPath === undefined) return undefined;
    this.#hasPrepared = true;
    try {
      const side = await this.findImageSize();
      const response = await this.#client.send({
        path: `${enginePaths.picture}?side=${side}`,
        body: file,
        contentType: 'application/octet-stream',
        signal: joinSignals(signal, this.#closed.signal),
        silenceMs: this.#options.silenceMs ?? SILENCE_MS,
      });
      const data = await readBody(response, name);
      const { [pictureHeaders.width]: width, [pictureHeaders.height]: height } = response.headers;
      const size = { width: Number(width), height: Number(height) };
      const isWhole = data.length === side * side * CHANNELS && size.width > 0 && size.height > 0;
      return response.statusCode === 200 && isWhole ? { pixels: { side, data }, size } : undefined;
    } catch {
      // A server that fails is told of by the request that follows.
      return undefined;
    }
  }

  async *ask(request: EngineRequest, signal?: AbortSignal): AsyncGenerator<EngineEvent, void, undefined> {
    const until = signal === undefined ? this.#closed.signal : joinSignals(signal, this.#closed.signal);
    const body = packAsk({ model: this.#model, request });
    const call = { path: enginePaths.ask, body, contentType: 'application/octet-stream', signal: until };
    // Read to its end, so that the connection can be used again.
    let isDone = false;
    for await (const line of this.#lines(await this.#send(call), until)) {
      if (line.type !== 'event' || isDone) continue;
      yield line.event;
      isDone = line.event.type === 'done';
    }
    if (!isDone) throw this.#brokeOff();
  }

  async decodeMasks(codes: readonly (readonly number[])[]): Promise<Float32Array[]> {
    if (codes.length === 0) return [];
    const { name } = this.#options.address;
    const body = JSON.stringify({ model: this.#model, codes });
    const signal = this.#closed.signal;
    const response = await this.#send({ path: enginePaths.masks, body, signal });
    const bytes = await readBody(response, name);
    if (bytes.length !== codes.length * MASK_VALUES * 4) {
      throw new ServerFailure('SERVER_PROTOCOL', name, 'sends masks of another size');
    }
    // A copy: floats must lie at a multiple of four.
    const values = new Float32Array(Uint8Array.from(bytes).buffer);
    return codes.map((_, i) => values.slice(i * MASK_VALUES, (i + 1) * MASK_VALUES));
  }

  async close(): Promise<void> {
    this.#closed.abort();
    this.#client.close();
  }

  async #load(): Promise<{ model: ServedModel; loadMs: number }> {
    const startedAt = performance.now();
    const body = JSON.stringify(this.#model);
    const signal = this.#closed.signal;
    const response = await this.#send({ path: enginePaths.load, body, signal });
    for await (const line of this.#lines(response, signal)) {
      if (line.type === 'loading') this.#listeners.forEach((listen) => listen(line.share));
      if (line.type === 'ready') return { model: line.model, loadMs: performance.now() - startedAt };
    }
    throw this.#brokeOff();
  }

  /** Send, and wait where the server's queue is full. */
  async #send(call: Omit<HttpCall, 'silenceMs'>): Promise<IncomingMessage> {
    const { address, silenceMs = SILENCE_MS, isImpatient = false } = this.#options;
    for (;;) {
      const response = await this.#client.send({ ...call, silenceMs });
      if (response.statusCode === 200) return response;
      const failure = await describeRefusal(response, address.name);
      if (response.statusCode !== 429 || isImpatient) throw failure;
      const pauseMs = failure.retryAfterMs ?? RETRY_MS;
      // Not all of those that were sent away come back at the same moment.
      await wait(pauseMs * (0.5 + Math.random()), undefined, call.signal && { signal: call.signal }).catch(
        () => {
          throw new CancelledError();
        },
      );
    }
  }

  async *#lines(response: IncomingMessage, signal: AbortSignal): AsyncGenerator<ServerLine, void, undefined> {
    const { address, version } = this.#options;
    let isFirst = true;
    for await (const text of readLines(response, address.name, signal)) {
      const line = parseServerLine(text, address.name);
      if (isFirst && line.type === 'hello' && version !== undefined && line.version !== version) {
        throw new ServerFailure(
          'SERVER_VERSION',
          address.name,
          `is pali ${line.version}, and this is ${version}`,
        );
      }
      isFirst = false;
      if (line.type !== 'failed') yield line;
      else if (line.isServers)
        throw new ServerFailure(line.error.code, address.name, `refuses: ${endless(line.error.message)}`);
      else throw unpackError(line.error);
    }
  }

  #brokeOff(): Error {
    if (this.#closed.signal.aborted) return new CancelledError('The engine was closed.');
    return new ServerFailure('SERVER_UNREACHABLE', this.#options.address.name, 'broke off its answer');
  }
}
