import { join } from 'node:path';
import { EngineError, ModelError } from '../../base/errors.js';
import type { ModelManifest } from '../../base/model-manifest.js';
import { CODES_PER_MASK, imageTokenCount, MAX_POSITIONS, type ModelSpec } from '../../base/model-spec.js';
import type { Decoder } from './decoder.js';
import { EmbeddingRows } from './embedding-rows.js';
import type { RunnableSession } from './late-packing.js';
import type { ExtendRow, LoadedModel, SequenceId, StepLogits } from './loaded-model.js';
import { createSession, floatTensor, type InferenceSession, intTensor } from './onnx-session.js';

/** A converted model in memory: vision tower, embedding rows, decoder, and the mask decoder when it is needed. */
export class OnnxModel implements LoadedModel {
  readonly spec: ModelSpec;
  readonly maxSequences: number;
  readonly tokensPerRun: number;
  readonly #embedding: EmbeddingRows;
  #maskSession: Promise<InferenceSession> | undefined;

  constructor(
    private readonly folder: string,
    private readonly manifest: ModelManifest,
    private readonly vision: RunnableSession,
    private readonly decoder: Decoder,
  ) {
    this.spec = manifest.spec as ModelSpec;
    this.maxSequences = decoder.maxSequences;
    this.tokensPerRun = decoder.tokensPerRun;
    const { file, dtype } = manifest.embedding;
    const { vocabSize, hiddenSize } = this.spec.text;
    this.#embedding = new EmbeddingRows(join(folder, file), dtype, vocabSize, hiddenSize);
  }

  canStart(prefixLength: number, maxNewTokens: number): boolean {
    return this.decoder.canStart(prefixLength, maxNewTokens);
  }

  async encodeImage(pixels: Float32Array): Promise<Float32Array> {
    const side = this.spec.vision.imageSize;
    const outputs = await this.vision.run({ pixel_values: floatTensor(pixels, [1, 3, side, side]) });
    return outputs.image_features.data as Float32Array;
  }

  async prefill(
    imageFeatures: readonly Float32Array[],
    promptIds: readonly number[],
    maxNewTokens: number,
  ): Promise<{ sequence: SequenceId; logits: StepLogits }> {
    const width = this.spec.text.hiddenSize;
    const imageLength = imageFeatures.length * imageTokenCount(this.spec.vision);
    const length = imageLength + promptIds.length;
    if (length + maxNewTokens > MAX_POSITIONS) {
      throw new EngineError(
        'PROMPT_TOO_LONG',
        `The prompt takes ${length} positions and its answer up to ${maxNewTokens}; the model has ${MAX_POSITIONS}.`,
        { hint: 'Use fewer pictures in one prompt, or a smaller --max-tokens.' },
      );
    }
    const embeddings = new Float32Array(length * width);
    imageFeatures.forEach((features, index) => embeddings.set(features, index * features.length));
    promptIds.forEach((id, index) => this.#readEmbedding(id, embeddings, imageLength + index));
    return this.decoder.prefill(embeddings, length, maxNewTokens);
  }

  async step(
    rows: readonly { readonly sequence: SequenceId; readonly token: number }[],
  ): Promise<StepLogits[]> {
    const extended = rows.map(({ sequence, token }) => ({ sequence, tokens: [token], wanted: 1 }));
    return (await this.extend(extended)).map(([logits]) => logits);
  }

  async extend(rows: readonly ExtendRow[]): Promise<StepLogits[][]> {
    const longest = Math.max(...rows.map(({ tokens }) => tokens.length));
    const embeddings = new Float32Array(rows.length * longest * this.spec.text.hiddenSize);
    rows.forEach(({ tokens }, row) => {
      // A shorter row is filled with its last token, which nothing sees.
      for (let i = 0; i < longest; i++) {
        this.#readEmbedding(tokens[Math.min(i, tokens.length - 1)], embeddings, row * longest + i);
      }
    });
    return this.decoder.step(
      rows.map(({ sequence, tokens, wanted, isLocSeg = false }) => ({
        ...{ sequence, wanted, isLocSeg },
        count: tokens.length,
      })),
      embeddings,
    );
  }

  shorten(sequence: SequenceId, count: number): void {
    this.decoder.shorten(sequence, count);
  }

  release(sequence: SequenceId): void {
    this.decoder.release(sequence);
  }

  async decodeMasks(codes: readonly (readonly number[])[]): Promise<Float32Array[]> {
    const graph = this.manifest.graphs.mask;
    if (graph === undefined) {
      throw new ModelError('MASK_DECODER_MISSING', 'This model was imported without a mask decoder.', {
        hint: 'Put vae-oid.npz (big_vision bucket, paligemma/) beside the checkpoint and import it again.',
      });
    }
    this.#maskSession ??= createSession(join(this.folder, graph), { device: 'cpu' });
    const session = await this.#maskSession;
    const outputs = await session.run({ codes: intTensor(codes.flat(), [codes.length, CODES_PER_MASK]) });
    const masks = outputs.mask.data as Float32Array;
    const size = masks.length / codes.length;
    return codes.map((_, index) => masks.slice(index * size, (index + 1) * size));
  }

  async close(): Promise<void> {
    this.#embedding.close();
    await this.decoder.close();
    await this.vision.release();
    await (await this.#maskSession)?.release();
  }

  #readEmbedding(id: number, target: Float32Array, position: number): void {
    const width = this.spec.text.hiddenSize;
    this.#embedding.read(id, target.subarray(position * width, (position + 1) * width));
  }
}
