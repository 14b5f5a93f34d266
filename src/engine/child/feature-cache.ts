import { createHash } from 'node:crypto';
import type { ModelPixels } from '../../base/image.js';

/**
 * Features kept, bytes: 30 pictures at 448 pixels of a 3B model (1024 tokens x 2048 x 4 bytes = 8 MiB each), 7 at
 * 896. Enough for a conversation about a few pictures or the frames of one prompt; small compared with the weights.
 */
const FEATURE_CACHE_BYTES = 256 * 2 ** 20;

/** The vision tower's output for the pictures seen last, so that a picture with many prompts is encoded once. */
export class FeatureCache {
  readonly #limitBytes: number;
  // A Map keeps the order of insertion: the first key is the one used longest ago.
  readonly #entries = new Map<string, Float32Array>();
  #sizeBytes = 0;

  constructor(limitBytes: number = FEATURE_CACHE_BYTES) {
    this.#limitBytes = limitBytes;
  }

  /** Bytes held now. */
  get sizeBytes(): number {
    return this.#sizeBytes;
  }

  /** The features of a picture, which becomes the latest used; undefined when they are not cached. */
  get(key: string): Float32Array | undefined {
    const features = this.#entries.get(key);
    if (features === undefined) return undefined;
    this.#entries.delete(key);
    this.#entries.set(key, features);
    return features;
  }

  /** Keep features, dropping those used longest ago; an entry that exceeds the limit by itself is not kept. */
  set(key: string, features: Float32Array): void {
    this.#drop(key);
    if (features.byteLength > this.#limitBytes) return;
    this.#entries.set(key, features);
    this.#sizeBytes += features.byteLength;
    for (const oldest of this.#entries.keys()) {
      if (this.#sizeBytes <= this.#limitBytes) break;
      this.#drop(oldest);
    }
  }

  #drop(key: string): void {
    const features = this.#entries.get(key);
    if (features === undefined) return;
    this.#entries.delete(key);
    this.#sizeBytes -= features.byteLength;
  }
}

/** The key of a picture: its side and the sha256 of its pixels (about 1 ms at 448). */
export function keyOfPixels(pixels: ModelPixels): string {
  return `${pixels.side}:${createHash('sha256').update(pixels.data).digest('base64')}`;
}
