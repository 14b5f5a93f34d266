import type { Engine, EngineEvent, EngineInfo, EngineRequest, PreparedPicture } from '../engine.js';
import { ServerFailure } from './server-errors.js';
import { skipTold } from './skip-told.js';

/** Two engines for the same model. */
export interface Fallback {
  /** Asked as long as its server is not to blame for a failure. */
  readonly first: Engine;
  /** Asked from then on. */
  readonly open: () => Engine;
  /** Told once why the first is left. */
  readonly onFallback: (reason: ServerFailure) => void;
}

/**
 * Asks a server, and the model in this program once the server fails: requests that were under way are asked again,
 * and nothing is told twice.
 */
export function createFallbackEngine(fallback: Fallback): Engine {
  return new FallbackEngine(fallback);
}

class FallbackEngine implements Engine {
  readonly #fallback: Fallback;
  #second: Engine | undefined;
  #isClosed = false;

  constructor(fallback: Fallback) {
    this.#fallback = fallback;
  }

  load(onShare?: (share: number) => void): Promise<EngineInfo> {
    return this.#try((engine) => engine.load(onShare));
  }

  findImageSize(): Promise<number> {
    return this.#try((engine) => engine.findImageSize());
  }

  async preparePicture(file: Uint8Array, signal: AbortSignal): Promise<PreparedPicture | undefined> {
    return this.#second === undefined ? this.#fallback.first.preparePicture?.(file, signal) : undefined;
  }

  async *ask(request: EngineRequest, signal?: AbortSignal): AsyncGenerator<EngineEvent, void, undefined> {
    let told = 0;
    if (this.#second === undefined) {
      try {
        for await (const event of this.#fallback.first.ask(request, signal)) {
          told++;
          yield event;
        }
        return;
      } catch (error) {
        this.#leave(error);
      }
    }
    const second = this.#second!;
    for await (const event of skipTold(second.ask(request, signal), told)) {
      // What was loaded first may have been the server's.
      yield event.type === 'done' ? { device: (await second.load()).device, ...event } : event;
    }
  }

  decodeMasks(codes: readonly (readonly number[])[]): Promise<Float32Array[]> {
    return this.#try((engine) => engine.decodeMasks(codes));
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.all([this.#fallback.first.close(), this.#second?.close()]);
  }

  async #try<T>(call: (engine: Engine) => Promise<T>): Promise<T> {
    if (this.#second === undefined) {
      try {
        return await call(this.#fallback.first);
      } catch (error) {
        this.#leave(error);
      }
    }
    return call(this.#second!);
  }

  /** From now on the second. @throws `error` itself where the server is not to blame. */
  #leave(error: unknown): void {
    if (!(error instanceof ServerFailure) || this.#isClosed) throw error as Error;
    if (this.#second !== undefined) return;
    this.#second = this.#fallback.open();
    this.#fallback.onFallback(error);
  }
}
