import { readAvailableMemory } from '../../base/machine/available-memory.js';
import { createSession, type InferenceSession, type SessionOptions, type Tensor } from './onnx-session.js';

/** What a decoder or a model needs of a session. */
export interface RunnableSession {
  readonly inputNames: readonly string[];
  run(inputs: Readonly<Record<string, Tensor>>): Promise<Readonly<Record<string, Tensor>>>;
  release(): Promise<void>;
}

/**
 * Runs with mapped weights before they are packed. Of PaliGemma 3B at 224 px on two cores, int8: packing takes as long
 * as 13 runs of the decoder for prompts save by it (a tenth each), or 4 of the vision tower (a twelfth). So few pictures
 * are not slowed down, and many take at most twice the least that waiting can cost.
 */
export const MAPPED_RUNS = 16;

/** Packed weights are a copy, in memory of the process; as much again must be left for others. */
const MEMORY_PER_WEIGHT_BYTE = 2;

/**
 * A session that loads at once with its weights mapped, and packs them for the processor's kernels when it has run so
 * often that it will probably run often again: the results are the same, a run takes less time. Where memory is short
 * the weights stay mapped. One call at a time.
 */
export class LatePackingSession implements RunnableSession {
  #runs = 0;

  private constructor(
    private session: InferenceSession,
    private readonly path: string,
    private readonly options: SessionOptions,
    private readonly weightBytes: number,
  ) {}

  /**
   * @param weightBytes of the files that the graph refers to.
   * @throws {EngineError} as createSession.
   */
  static async open(path: string, options: SessionOptions, weightBytes: number): Promise<LatePackingSession> {
    const session = await createSession(path, { ...options, keepsWeightsMapped: true });
    return new LatePackingSession(session, path, options, weightBytes);
  }

  get inputNames(): readonly string[] {
    return this.session.inputNames;
  }

  async run(inputs: Readonly<Record<string, Tensor>>): Promise<Readonly<Record<string, Tensor>>> {
    if (this.#runs === MAPPED_RUNS) await this.#pack();
    this.#runs++;
    return this.session.run(inputs);
  }

  release(): Promise<void> {
    return this.session.release();
  }

  async #pack(): Promise<void> {
    if (readAvailableMemory() < MEMORY_PER_WEIGHT_BYTE * this.weightBytes) return;
    const mapped = this.session;
    try {
      this.session = await createSession(this.path, this.options);
    } catch {
      // It was more memory than there is, after all.
      return;
    }
    await mapped.release();
  }
}
