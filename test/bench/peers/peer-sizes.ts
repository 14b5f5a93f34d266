import type { TokenIds } from '../../../src/base/model-spec.js';
import type { CheckpointConfig } from '../../../src/weights/checkpoint/read-config.js';
import { paligemma3b } from '../random-checkpoint.js';

const VISION_LAYERS = 27;
const TEXT_LAYERS = 18;

/**
 * PaliGemma 3B at 224 px, or a part of it: layers of the same shapes, and as much fewer of them as there are fewer
 * tokens in the vocabulary, so that layers and head have the shares of the time that they have in the whole.
 * @param part 1 is the whole, 3 a third.
 */
export function partOfPaligemma(part: number): CheckpointConfig & { readonly tokens: TokenIds } {
  const spec = paligemma3b(Math.round(VISION_LAYERS / part), Math.round(TEXT_LAYERS / part));
  const vocabSize = 64 * Math.round(spec.text.vocabSize / part / 64);
  // As far from the end as in Google's tokenizer.
  const image = vocabSize - 64;
  return {
    ...spec,
    text: { ...spec.text, vocabSize },
    tokens: { pad: 0, bos: 2, eos: 1, image, firstLoc: image - 1152, firstSeg: image - 128 },
  };
}

/** Tokens of the prompt beside those of the picture. */
export const PROMPT_IDS: readonly number[] = [2, ...Array.from({ length: 9 }, (_, i) => 1000 + i)];

/** Tokens of the picture. */
export const IMAGE_TOKENS = 256;

/** What one contender took in one process. Milliseconds, unless the name says otherwise; absent: it cannot. */
export interface PeerMeasurement {
  readonly loadMs?: number;
  readonly visionMs?: number;
  /** Of the picture's and the prompt's tokens, without the vision tower. */
  readonly prefillMs: number;
  /** Vision and prefill once many pictures were answered and weights were packed for it. */
  readonly laterFirstMs?: number;
  readonly tokenMs: number;
  /** A token of which the grammar says that it is a location. */
  readonly locTokenMs?: number;
  /** A token of an answer that names two objects, with labels, separator and end. */
  readonly detectTokenMs?: number;
  readonly peakMB: number;
}
