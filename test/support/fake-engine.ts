import type {
  Engine,
  EngineEvent,
  EngineInfo,
  EngineRequest,
  GeneratedToken,
} from '../../src/engine/engine.js';

/** What the fake answers: a raw text, or an error to throw. */
export type FakeAnswer = (request: EngineRequest, count: number) => string | Promise<string>;

/** An engine without a model, for tests of what surrounds it. */
export class FakeEngine implements Engine {
  readonly requests: EngineRequest[] = [];
  active = 0;
  mostActive = 0;
  isClosed = false;
  readonly info: EngineInfo = {
    model: 'fake',
    dtype: 'fp32',
    device: 'cpu',
    imageSize: 28,
    notes: ['cpu: the only one'],
    loadMs: 12,
  };

  constructor(private readonly answer: FakeAnswer) {}

  async load(): Promise<EngineInfo> {
    return this.info;
  }

  async findImageSize(): Promise<number> {
    return this.info.imageSize;
  }

  async *ask(request: EngineRequest, signal?: AbortSignal): AsyncGenerator<EngineEvent> {
    this.requests.push(request);
    this.mostActive = Math.max(this.mostActive, ++this.active);
    try {
      const raw = await this.answer(request, this.requests.length);
      signal?.throwIfAborted();
      yield { type: 'start', promptTokens: 9, visionMs: 1, prefillMs: 2 };
      const tokens = toTokens(raw);
      for (const token of tokens) yield { type: 'token', token };
      const stop = tokens.length >= request.maxTokens ? 'length' : 'eos';
      yield { type: 'done', stop, raw, tokens, timings: { visionMs: 1, prefillMs: 2, generateMs: 10 } };
    } finally {
      this.active--;
    }
  }

  /** Masks whose left half is the object. */
  async decodeMasks(codes: readonly (readonly number[])[]): Promise<Float32Array[]> {
    return codes.map(() => Float32Array.from({ length: 64 * 64 }, (_, i) => (i % 64 < 32 ? 1 : -1)));
  }

  async close(): Promise<void> {
    this.isClosed = true;
  }
}

/** A location or segmentation token is a token; so is every other character. Each has probability e^-0.1. */
function toTokens(raw: string): GeneratedToken[] {
  const pieces = raw.match(/<(?:loc\d{4}|seg\d{3})>|[^]/gu) ?? [];
  return pieces.map((text, id) => ({ id, text, logprob: -0.1, top: [{ id, logprob: -0.1 }] }));
}
