import type { DeviceName, Dtype } from '../base/dtype.js';
import { CancelledError, ModelError } from '../base/errors.js';
import type { Engine, EngineInfo } from '../engine/engine.js';
import { createSlot, endSlot, isSame, useSlot, type FoundModel, type ModelSlot } from './model-slot.js';

/** What a request asks for; the server's defaults fill in what is absent. */
export interface ModelQuery {
  readonly name?: string | undefined;
  readonly dtype?: Dtype | undefined;
  readonly device?: DeviceName | undefined;
}

/** A model that stays in memory until `release`. */
export interface ModelLease {
  readonly engine: Engine;
  readonly model: FoundModel;
  /** Settles when the model is loaded. */
  readonly loading: Promise<EngineInfo>;
  /** @param keepAliveMs how long the model stays afterwards, instead of the server's default; -1 for ever. */
  release(keepAliveMs?: number): void;
}

/** A model in memory. */
export interface ResidentModel {
  readonly model: FoundModel;
  /** Absent while it is loading. */
  readonly info?: EngineInfo;
  /** Requests that are using it. */
  readonly uses: number;
  /** When it will leave memory; absent while it is in use, or when it stays for ever. */
  readonly expiresAt?: Date;
}

/** How models are loaded and unloaded. */
export interface PoolOptions {
  readonly find: (query: ModelQuery) => Promise<FoundModel>;
  readonly open: (model: FoundModel, device: DeviceName) => Engine;
  readonly device: DeviceName;
  readonly maxModels: number;
  /** Milliseconds from the last use until a model leaves memory; 0 at once, -1 never. */
  readonly keepAliveMs: number;
  /** Called when the last model has left memory. */
  readonly onEmpty?: () => void;
}

/** Longest delay that a Node timer allows, milliseconds. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** The models in memory. A newly requested one replaces one that is not in use; requests are served in order. */
export class ModelPool {
  readonly #options: PoolOptions;
  readonly #slots: ModelSlot[] = [];
  readonly #waiting: (() => void)[] = [];
  #turn: Promise<unknown> = Promise.resolve();
  #isClosed = false;
  #isUnused = true;

  constructor(options: PoolOptions) {
    this.#options = options;
  }

  /** Whether no model has ever been asked for. */
  get isUnused(): boolean {
    return this.#isUnused;
  }

  /** Those in memory, in the order in which they were added. */
  list(): ResidentModel[] {
    return this.#slots.map(({ model, info, uses, expiresAt }) => ({
      model,
      uses,
      ...(info && { info }),
      ...(expiresAt && { expiresAt }),
    }));
  }

  /** Find a model without loading it. @throws {ModelError} there is none. */
  find(query: ModelQuery): Promise<FoundModel> {
    return this.#options.find(query);
  }

  /**
   * Get a model ready to be asked; it loads on first use.
   * @param isHasty fail instead of waiting for models that are in use.
   * @throws {ModelError} there is no such model, or (hasty) no room for it now. {CancelledError} `signal` was aborted.
   */
  async acquire(query: ModelQuery, signal: AbortSignal, isHasty = false): Promise<ModelLease> {
    this.#isUnused = false;
    const model = await this.#options.find(query);
    if (isHasty && this.#waiting.length > 0) throw busy(this.#slots);
    const device = query.device ?? this.#options.device;
    // Requests that are waiting for room go first, one after the other.
    const mine = this.#turn.then(() => this.#take(model, device, signal, isHasty));
    this.#turn = mine.catch(() => undefined);
    const slot = await mine;
    let isHeld = true;
    return {
      engine: slot.engine,
      model,
      loading: slot.loading,
      release: (keepAliveMs) => {
        if (isHeld) this.#release(slot, keepAliveMs ?? this.#options.keepAliveMs);
        isHeld = false;
      },
    };
  }

  /** Remove every model from memory, whether in use or not. */
  async close(): Promise<void> {
    this.#isClosed = true;
    for (const wake of this.#waiting.splice(0)) wake();
    await Promise.all(this.#slots.splice(0).map((slot) => endSlot(slot)));
  }

  async #take(
    model: FoundModel,
    device: DeviceName,
    signal: AbortSignal,
    isHasty: boolean,
  ): Promise<ModelSlot> {
    for (;;) {
      signal.throwIfAborted();
      if (this.#isClosed) throw new CancelledError('The server is stopping.');
      const slot = this.#slots.find((candidate) => isSame(candidate, model, device));
      if (slot !== undefined) return useSlot(slot);
      if (this.#slots.length < this.#options.maxModels) return useSlot(this.#open(model, device));
      const [oldest] = this.#slots.filter(({ uses }) => uses === 0).sort((a, b) => a.lastUsed - b.lastUsed);
      if (oldest !== undefined) {
        await this.#remove(oldest);
        continue;
      }
      if (isHasty) throw busy(this.#slots);
      // Nothing may happen between the check and the wait, or a release could be missed.
      await this.#waitForRelease(signal);
    }
  }

  #open(model: FoundModel, device: DeviceName): ModelSlot {
    const slot = createSlot(model, device, this.#options.open(model, device));
    this.#slots.push(slot);
    slot.loading.then(
      (info) => (slot.info = info),
      // The request that waits for it sees the reason. A model that cannot be loaded must not keep its place.
      () => void this.#remove(slot),
    );
    return slot;
  }

  async #waitForRelease(signal: AbortSignal): Promise<void> {
    await new Promise<void>((resolve) => {
      const wake = (): void => {
        signal.removeEventListener('abort', wake);
        const place = this.#waiting.indexOf(wake);
        if (place >= 0) this.#waiting.splice(place, 1);
        resolve();
      };
      this.#waiting.push(wake);
      signal.addEventListener('abort', wake, { once: true });
    });
  }

  #release(slot: ModelSlot, keepAliveMs: number): void {
    slot.uses--;
    slot.lastUsed = performance.now();
    if (slot.uses > 0) return;
    if (keepAliveMs >= 0 && this.#slots.includes(slot)) {
      slot.expiresAt = new Date(Date.now() + keepAliveMs);
      slot.timer = setTimeout(() => void this.#expire(slot), Math.min(keepAliveMs, MAX_TIMER_MS));
      slot.timer.unref();
    }
    for (const wake of this.#waiting.splice(0)) wake();
  }

  async #expire(slot: ModelSlot): Promise<void> {
    if (slot.uses > 0) return;
    await this.#remove(slot);
    if (this.#slots.length === 0) this.#options.onEmpty?.();
  }

  async #remove(slot: ModelSlot): Promise<void> {
    const place = this.#slots.indexOf(slot);
    if (place < 0) return;
    this.#slots.splice(place, 1);
    await endSlot(slot);
  }
}

function busy(slots: readonly ModelSlot[]): ModelError {
  const names = slots.map(({ model }) => model.name).join(', ');
  return new ModelError('MODEL_BUSY', `It is busy with another model just now: ${names}.`);
}
