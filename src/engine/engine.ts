import type { Device, DeviceName, Dtype } from '../base/dtype.js';
import type { Size } from '../base/geometry.js';
import type { ModelPixels } from '../base/image.js';

/** Which grammar the answer must follow; see tokens/record-grammar. */
export type Constraint = 'detect' | 'segment';

/** How the next token is chosen. `temperature` 0 is greedy and deterministic. */
export interface SamplingOptions {
  /** 0 or more. */
  readonly temperature: number;
  /** Nucleus sampling: keep the likeliest tokens that add up to this probability, in (0, 1]. */
  readonly topP: number;
  /** The same seed, prompt and picture give the same answer on the same device. */
  readonly seed: number;
}

/** One prompt about one or several pictures. */
export interface EngineRequest {
  /** In prompt order; at least one. */
  readonly images: readonly ModelPixels[];
  /** As the user typed it, without image tokens, <bos> or the final newline. */
  readonly prompt: string;
  /** Maximum number of tokens to generate, 1 or more. */
  readonly maxTokens: number;
  readonly sampling: SamplingOptions;
  readonly constraint?: Constraint;
  /** With a constraint: the only labels that objects may have. Any when absent, or a single word such as `object`. */
  readonly labels?: readonly string[];
  /**
   * Token ids of an answer that this one may resemble, such as the one about the frame before. It changes nothing but
   * the time: tokens of it that come again are found several in a run.
   */
  readonly draft?: readonly number[];
  /** Alternatives to report for each token, 0 to 20. */
  readonly alternatives: number;
}

/** A token with its natural-log probability under the unconstrained model at temperature 1. */
export interface ScoredToken {
  readonly id: number;
  readonly logprob: number;
}

/** A token that might have come instead. */
export interface Alternative extends ScoredToken {
  /** The token by itself, special tokens written out. */
  readonly text?: string;
}

/** One generated token. */
export interface GeneratedToken extends ScoredToken {
  /** What this token adds to the raw text (special tokens such as <loc0012> written out). */
  readonly text: string;
  /** The likeliest tokens of this step, best first; as many as the request's `alternatives`. */
  readonly top: readonly Alternative[];
}

/** Why an answer ended. `repetition`: the same record or phrase came again; the answer leaves the repeat out. */
export type StopReason = 'eos' | 'length' | 'repetition';

/** Milliseconds spent on one request inside the engine. */
export interface EngineTimings {
  /** 0 when the picture's features were cached. */
  readonly visionMs: number;
  readonly prefillMs: number;
  /** From the first token to the last; shared with the requests decoded together. */
  readonly generateMs: number;
  /** Tokens that were guessed, and those of them that were right; absent where none were guessed. */
  readonly draftedTokens?: number;
  readonly acceptedTokens?: number;
}

/** What one request yields, in this order: `start` once, `token` many times, `done` once. */
export type EngineEvent =
  | {
      readonly type: 'start';
      readonly promptTokens: number;
      readonly visionMs: number;
      readonly prefillMs: number;
    }
  | { readonly type: 'token'; readonly token: GeneratedToken }
  | {
      readonly type: 'done';
      readonly stop: StopReason;
      /** The whole answer with special tokens written out, without <eos>. */
      readonly raw: string;
      /** The tokens of `raw`: fewer than were streamed if a repetition was dropped. */
      readonly tokens: readonly GeneratedToken[];
      readonly timings: EngineTimings;
      /** Where it was answered; absent where that is what `load` said. */
      readonly device?: Device;
    };

/** The end of an answer, with the whole of it. */
export type DoneEvent = Extract<EngineEvent, { type: 'done' }>;

/** What a loaded engine runs. */
export interface EngineInfo {
  readonly model: string;
  readonly dtype: Dtype;
  readonly device: Device;
  /** Input side of the vision tower, pixels. */
  readonly imageSize: number;
  /** Sentences for --verbose: which device was chosen and why others were not. */
  readonly notes: readonly string[];
  readonly loadMs: number;
  /** What the parts of the load took, milliseconds, where that is known. */
  readonly loadTimes?: Readonly<Record<string, number>>;
  /** Who is asked, such as `server http://gpu:11500` or `3 servers`; absent where it runs in a process of this program. */
  readonly server?: string | undefined;
  /** Of the process that the model runs in, where that is on this machine. */
  readonly processId?: number | undefined;
}

/** A picture that the engine's side decoded. */
export interface PreparedPicture {
  readonly pixels: ModelPixels;
  /** The size of the original picture, EXIF orientation applied. */
  readonly size: Size;
}

/** Where the model is and how to run it. */
export interface EngineOptions {
  /** Name for results. */
  readonly modelName: string;
  /** Folder of a converted model (with manifest.json). */
  readonly modelFolder: string;
  readonly device: DeviceName;
  /** Intra-op threads; 0 or absent leaves it to onnxruntime. */
  readonly threads?: number;
  /** Pass the engine's own stderr through. */
  readonly debug?: boolean;
}

/**
 * The model running somewhere, in a child process (engine/client/engine-client) or on a server (engine/remote). Requests
 * may be made at the same time; those that wait are decoded together.
 */
export interface Engine {
  /**
   * Load the model now; `ask` does it by itself. Calling it again gives the same answer.
   * @param onShare called with the share that is loaded, 0 to 1, as far as it is known.
   * @throws {EngineError} no device could run the model. {DamagedFileError} {ModelError} its files are bad.
   */
  load(onShare?: (share: number) => void): Promise<EngineInfo>;
  /**
   * Input side of the vision tower, pixels; known before the model is loaded, so that pictures can be shrunk in the
   * meantime.
   * @throws what `load` throws.
   */
  findImageSize(): Promise<number>;
  /**
   * Decode and shrink a picture where the model runs, so that this process need not load a decoder for it. Absent
   * where this process would do the same work; undefined where the engine would rather not, or could not: the caller
   * then decodes it, and says what is wrong with it.
   * @param file the bytes of a picture file.
   */
  preparePicture?(file: Uint8Array, signal: AbortSignal): Promise<PreparedPicture | undefined>;
  /**
   * Answer one prompt. Leaving the loop early, or aborting `signal`, cancels at once.
   * @throws {CancelledError} `signal` was aborted. {EngineError} the engine failed or died; the next call
   * starts a new one. {InputError} {UsageError} the request itself is wrong.
   */
  ask(request: EngineRequest, signal?: AbortSignal): AsyncIterable<EngineEvent>;
  /**
   * Decode segmentation codes: [n][16] values 0..127 -> n masks of 64 x 64 float32 in about [-1, 1],
   * row-major; above 0 is the object. Empty input gives an empty result.
   * @throws {ModelError} the model has no mask decoder.
   */
  decodeMasks(codes: readonly (readonly number[])[]): Promise<Float32Array[]>;
  /** Who works elsewhere, in a few words for a progress line; undefined as long as that is not known. */
  describeWork?(): string | undefined;
  /** End the engine's process; pending requests fail with a CancelledError. */
  close(): Promise<void>;
}
