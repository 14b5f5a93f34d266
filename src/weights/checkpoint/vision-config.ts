import * as v from 'valibot';
import type { VisionSpec } from '../../base/model-spec.js';
import { readActivation } from './activation.js';
import { countUpTo, layers, parseSection, positive, quote, size, unfit } from './config-file.js';

/**
 * Defaults are those of transformers' SiglipVisionConfig. Without an effect: attention_dropout, projection_dim (the
 * projector's shape says it), projector_hidden_act, num_image_tokens, vision_use_head (PaliGemma has no use for it).
 */
const visionSchema = v.object({
  model_type: v.optional(v.string()),
  hidden_size: v.optional(size, 768),
  intermediate_size: v.optional(size, 3072),
  num_hidden_layers: v.optional(layers, 12),
  num_attention_heads: v.optional(size, 12),
  num_channels: v.optional(v.literal(3)),
  image_size: v.optional(countUpTo(2048), 224),
  patch_size: v.optional(countUpTo(256), 16),
  layer_norm_eps: v.optional(positive, 1e-6),
  hidden_act: v.nullish(v.string()),
});

/**
 * The vision tower's sizes.
 * @param section vision_config of config.json at `path`.
 * @throws {ModelError} a tower other than SigLIP, or sizes that do not fit together.
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
  const activation = readActivation(vision.hidden_act, path, 'vision_config.hidden_act');
  return {
    imageSize: vision.image_size,
    patchSize: vision.patch_size,
    hiddenSize: vision.hidden_size,
    intermediateSize: vision.intermediate_size,
    layers: vision.num_hidden_layers,
    heads: vision.num_attention_heads,
    layerNormEps: vision.layer_norm_eps,
    ...(activation && { activation }),
  };
}
