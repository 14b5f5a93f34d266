import { z } from 'zod';
import type { VisionSpec } from '../base/model-spec.js';
import { layers, parseSection, quote, size, unfit } from './config-file.js';

/** Defaults are those of transformers' SiglipVisionConfig. */
const visionSchema = z.object({
  model_type: z.string().optional(),
  hidden_size: size.default(768),
  intermediate_size: size.default(3072),
  num_hidden_layers: layers.default(12),
  num_attention_heads: size.default(12),
  num_channels: z.literal(3).default(3),
  image_size: z.number().int().positive().max(2048).default(224),
  patch_size: z.number().int().positive().max(256).default(16),
  layer_norm_eps: z.number().positive().default(1e-6),
});

/**
 * The vision tower's sizes.
 * @param section vision_config of config.json at `path`.
 * @throws {ModelError} another tower than SigLIP, or sizes that do not fit together.
 */
export function readVision(section: Record<string, unknown>, path: string): VisionSpec {
  const vision = parseSection(visionSchema, section, path, 'vision_config');
  if (vision.model_type !== undefined && vision.model_type !== 'siglip_vision_model') {
    throw unfit(path, `vision_config.model_type is ${quote(vision.model_type)}, not siglip_vision_model`);
  }
  if (vision.hidden_size % vision.num_attention_heads !== 0) {
    throw unfit(
      path,
      `vision width ${vision.hidden_size} does not divide into ${vision.num_attention_heads} heads`,
    );
  }
  return {
    imageSize: vision.image_size,
    patchSize: vision.patch_size,
    hiddenSize: vision.hidden_size,
    intermediateSize: vision.intermediate_size,
    layers: vision.num_hidden_layers,
    heads: vision.num_attention_heads,
    layerNormEps: vision.layer_norm_eps,
  };
}
