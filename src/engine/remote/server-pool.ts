import { setTimeout as wait } from 'node:timers/promises';
import { CancelledError, EngineError } from '../../base/errors.js';
import type { Engine, EngineEvent, EngineInfo, EngineRequest } from '../engine.js';
import type { ServedModel } from './contract.js';
import { createRemoteEngine, type RemoteOptions } from './remote-engine.js';
import { createMember, noneLeft, pauseMember, type PoolMember } from './pool-member.js';
import { ServerFailure } from './server-errors.js';
import { skipTold } from './skip-told.js';

/** The servers of a pool, and the model that all must have. */
export interface PoolOptions extends Pick<RemoteOptions, 'model' | 'silenceMs'> {
  readonly addresses: readonly RemoteOptions['address'][];
  /** Called with a sentence about each server that is left out. */
  readonly onNote: (sentence: string) => void;
  /** First pause of a server that failed, milliseconds; doubled with each failure. Tests take less. */
  readonly pauseMs?: number;
}

/** A queue that is full is tried again after this, milliseconds, unless its server says otherwise. */
const FULL_MS = 1000;
/** How long the first server waits for the others, so that they share the first requests, milliseconds. */
const HEAD_START_MS = 500;
/** Servers that get a request: the first, and one more when that fails. */
const MAX_TRIES = 2;

/**
 * Several servers with the same model as one engine. A request goes to the one with the fewest of ours; when a server
 * fails, to another one, once. A server that failed is left out for a second, then two, four, up to a minute.
 */
export function createServerPool(options: PoolOptions): Engine {
  return new ServerPool(options);
}

class ServerPool implements Engine {
  readonly #options: PoolOptions;
  readonly #members: PoolMember[];
  /** What the first server in order that answered has: the others must have the same. */
  #reference: Promise<ServedModel> | undefined;
  readonly #listeners = new Set<(share: number) => void>();
  readonly #closed = new AbortController();

  constructor(options: PoolOptions) {
    this.#options = options;
    this.#members = options.addresses.map((address) =>
      createMember(address.name, createRemoteEngine({ ...options, address, isImpatient: true })),
    );
  }

  async load(onShare?: (share: number) => void): Promise<EngineInfo> {
    const startedAt = performance.now();
    if (onShare !== undefined) this.#listeners.add(onShare);
    try {
      const { name: model, dtype, device, imageSize, notes } = await this.#findReference();
      const [first, ...others] = this.#members;
      const server = others.length === 0 ? `server ${first.name}` : `${this.#members.length} servers`;
      return { model, dtype, device, imageSize, notes, loadMs: performance.now() - startedAt, server };
    } finally {
      if (onShare !== undefined) this.#listeners.delete(onShare);
    }
  }

  async findImageSize(): Promise<number> {
    return (await this.#findReference()).imageSize;
  }

  async *ask(request: EngineRequest, signal?: AbortSignal): AsyncGenerator<EngineEvent, void, undefined> {
    let told = 0;
    const tried: PoolMember[] = [];
    for (;;) {
      const member = await this.#choose(tried, signal);
      const { device } = member.model!;
      try {
        for await (const event of skipTold(member.engine.ask(request, signal), told)) {
          told++;
          yield event.type === 'done' ? { ...event, device } : event;
        }
        member.failures = 0;
        return;
      } catch (error) {
        this.#noteFailure(member, error, tried);
      } finally {
        member.requests--;
      }
    }
  }

  async decodeMasks(codes: readonly (readonly number[])[]): Promise<Float32Array[]> {
    if (codes.length === 0) return [];
    const tried: PoolMember[] = [];
    for (;;) {
      const member = await this.#choose(tried);
      try {
        return await member.engine.decodeMasks(codes);
      } catch (error) {
        this.#noteFailure(member, error, tried);
      } finally {
        member.requests--;
      }
    }
  }

  async close(): Promise<void> {
    this.#closed.abort();
    await Promise.all(this.#members.map(({ engine }) => engine.close()));
  }

  #findReference(): Promise<ServedModel> {
    this.#reference ??= this.#loadAll();
    this.#reference.catch(() => (this.#reference = undefined));
    return this.#reference;
  }

  async #loadAll(): Promise<ServedModel> {
    for (const member of this.#members) {
      member.loading = this.#load(member);
      // What is wrong with it, its reason says.
      member.loading.catch(() => undefined);
    }
    for (const member of this.#members) {
      await member.loading.catch(() => undefined);
      const { model } = member;
      if (model === undefined) continue;
      const compared = this.#members.map((other) => this.#compare(other, model));
      await Promise.race([Promise.all(compared), wait(HEAD_START_MS)]);
      return model;
    }
    throw noneLeft(this.#members);
  }

  async #load(member: PoolMember): Promise<void> {
    try {
      member.model = await member.engine.loadServed((share) =>
        this.#listeners.forEach((listen) => listen(share)),
      );
    } catch (error) {
      if (!(error instanceof ServerFailure)) throw error;
      this.#pause(member, error);
    }
  }

  /** Leave a server out for good that has another model than the first. */
  async #compare(member: PoolMember, reference: ServedModel): Promise<void> {
    await member.loading.catch(() => undefined);
    const { model } = member;
    if (model === undefined || (model.digest === reference.digest && model.dtype === reference.dtype)) return;
    member.isOut = true;
    member.reason = `has another ${model.name} ${model.dtype} than ${reference.name} ${reference.dtype} of the first`;
    this.#options.onNote(`The server ${member.name} ${member.reason}: it is not asked.`);
  }

  /** The server with the fewest requests that has the model, is not paused, and was not tried; it has one more then. */
  async #choose(tried: readonly PoolMember[], signal?: AbortSignal): Promise<PoolMember> {
    const reference = await this.#findReference();
    for (;;) {
      if (signal?.aborted || this.#closed.signal.aborted) throw new CancelledError();
      const now = performance.now();
      const left = this.#members.filter(
        (one) => !one.isOut && !tried.includes(one) && one.pausedUntil <= now,
      );
      if (tried.length >= MAX_TRIES || left.length === 0) throw noneLeft(this.#members);
      const ready = left.filter(
        ({ model, fullUntil }) => model?.digest === reference.digest && fullUntil <= now,
      );
      const [idlest] = ready.sort((a, b) => a.requests - b.requests);
      if (idlest !== undefined) {
        // Before anybody else chooses.
        idlest.requests++;
        return idlest;
      }
      for (const member of left.filter(({ model }) => model === undefined))
        this.#loadAgain(member, reference);
      const full = left.filter(({ fullUntil }) => fullUntil > now).map(({ fullUntil }) => fullUntil - now);
      await wait(Math.min(100, ...full));
    }
  }

  #loadAgain(member: PoolMember, reference: ServedModel): void {
    if (member.reason === 'loads') return;
    member.reason = 'loads';
    member.loading = this.#load(member);
    void this.#compare(member, reference);
  }

  /** @throws `error` itself where another server would give the same. */
  #noteFailure(member: PoolMember, error: unknown, tried: PoolMember[]): void {
    if (error instanceof ServerFailure && error.code === 'queue_full') {
      member.fullUntil = performance.now() + (error.retryAfterMs ?? FULL_MS) * (0.5 + Math.random());
      member.reason = 'has a full queue';
      return;
    }
    const isEngines = error instanceof EngineError;
    if (!isEngines && !(error instanceof ServerFailure)) throw error as Error;
    tried.push(member);
    member.reason = error.message;
    // The last one's own error says more than that none is left.
    const others = this.#members.filter((one) => !one.isOut && !tried.includes(one));
    if (isEngines && (others.length === 0 || tried.length >= MAX_TRIES)) throw error;
    if (!isEngines) this.#pause(member, error);
  }

  #pause(member: PoolMember, error: ServerFailure): void {
    if (pauseMember(member, error, this.#options.pauseMs)) this.#options.onNote(error.message);
  }
}
