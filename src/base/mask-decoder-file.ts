import { DamagedFileError } from './errors.js';

/**
 * The decoder of PaliGemma's segmentation tokens, shared by all its checkpoints and published beside them by Google.
 */
export const MASK_DECODER = {
  file: 'vae-oid.npz',
  url: 'https://storage.googleapis.com/big_vision/paligemma/vae-oid.npz',
  sizeBytes: 8_479_556,
  sha256: '5586010257b8536dddefab65e7755077f21d5672d5674dacf911f73ae95a4447',
} as const;

/** Names it may have beside a checkpoint: the demo model's, and Google's. */
export const MASK_DECODER_FILES: readonly string[] = ['vae.npz', MASK_DECODER.file];

/** The error for an invalid mask decoder; `sentence` says what is wrong with it. */
export function damagedMaskDecoder(sentence: string, cause?: unknown): DamagedFileError {
  const size = MASK_DECODER.sizeBytes.toLocaleString('en');
  return new DamagedFileError('MASK_DECODER_DAMAGED', sentence, {
    hint: `It should be ${MASK_DECODER.file} (${size} bytes): ${MASK_DECODER.url}`,
    cause,
  });
}
