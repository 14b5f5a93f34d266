import { InputError } from '../../base/errors.js';
import type { ModelPixels } from '../../base/image.js';
import { normalizePixels } from '../../image/resize/normalize-pixels.js';
import { callModel } from './call-model.js';
import { FeatureCache, keyOfPixels } from './feature-cache.js';
import type { LoadedModel } from '../model/loaded-model.js';

/** The vision tower with a memory: a picture seen not long ago costs nothing. */
export class ImageEncoder {
  readonly #model: Pick<LoadedModel, 'spec' | 'encodeImage'>;
  readonly #cache = new FeatureCache();

  constructor(model: Pick<LoadedModel, 'spec' | 'encodeImage'>) {
    this.#model = model;
  }

  /** @throws {InputError} a picture does not have the model's input size. */
  checkSize(images: readonly ModelPixels[]): void {
    const side = this.#model.spec.vision.imageSize;
    const other = images.find((image) => image.side !== side);
    if (other === undefined) return;
    throw new InputError(
      'IMAGE_SIZE',
      `The model takes pictures of ${side} x ${side} pixels, not ${other.side}.`,
    );
  }

  /**
   * @returns features [tokens, hidden], not to be modified, and the time they took: 0 ms when cached.
   * @throws {EngineError} the model failed.
   */
  async encode(image: ModelPixels): Promise<{ features: Float32Array; visionMs: number }> {
    const key = keyOfPixels(image);
    const known = this.#cache.get(key);
    if (known !== undefined) return { features: known, visionMs: 0 };
    const startedAt = performance.now();
    const features = await callModel(() => this.#model.encodeImage(normalizePixels(image)));
    this.#cache.set(key, features);
    return { features, visionMs: performance.now() - startedAt };
  }
}
