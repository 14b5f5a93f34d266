import { imageTokenCount } from '../../base/model-spec.js';
import type { Checkpoint } from '../checkpoint/open-checkpoint.js';
import type { CheckpointConfig } from '../checkpoint/read-config.js';
import { foldPixelScaling } from './fold-pixel-scaling.js';
import { repeatLayer } from './repeat-layer.js';
import type { LinearPlan } from '../graph/linear-plan.js';
import { stackRows, storeLinear } from '../graph/store-linear.js';
import { visionLayerPrefix } from '../checkpoint/tensor-table.js';
import type { BiasedLinear, StoredNorm, StoredVision } from '../graph/vision-graph.js';
import type { StoredWeight, WeightFile } from '../graph/weight-file.js';

/**
 * Write the vision tower and the projector into a weight file.
 * @param plan of the layers' matrices and the projector's.
 * @param onWeights called with the number of weights done since the last call, and in which layer.
 * @param distinctLayers see ConvertOptions.
 */
export async function storeVision(
  checkpoint: Checkpoint,
  { vision: spec, pixels }: Pick<CheckpointConfig, 'vision' | 'pixels'>,
  file: WeightFile,
  plan: LinearPlan,
  onWeights: (count: number, layer?: number) => void,
  distinctLayers = Infinity,
): Promise<StoredVision> {
  let layer: number | undefined;
  const readWhole = async (name: string): Promise<Float32Array> => {
    const tensor = checkpoint.tensors.get(name)!;
    const values = await tensor.readRows(0, tensor.shape[0]);
    onWeights(values.length, layer);
    return values;
  };
  const storeVector = async (name: string, dims?: readonly number[]): Promise<StoredWeight> => {
    const values = await readWhole(name);
    return file.add(name, 'float32', dims ?? checkpoint.tensors.get(name)!.shape, values);
  };
  const storeBiased = async (name: string, parts: readonly string[]): Promise<BiasedLinear> => {
    const tensors = parts.map((part) => checkpoint.tensors.get(`${part}.weight`)!);
    const source = stackRows(tensors);
    const linear = await storeLinear(file, name, source, plan);
    onWeights(source.rows * source.columns, layer);
    const bias = new Float32Array(source.rows);
    let at = 0;
    for (const part of parts) {
      const values = await readWhole(`${part}.bias`);
      bias.set(values, at);
      at += values.length;
    }
    return { linear, bias: await file.add(`${name}.bias`, 'float32', [source.rows], bias) };
  };
  const storeNorm = async (name: string): Promise<StoredNorm> => ({
    weight: await storeVector(`${name}.weight`),
    bias: await storeVector(`${name}.bias`),
  });

  const patch = 'vision_tower.embeddings.patch_embedding';
  const layers: StoredVision['layers'][number][] = [];
  const [patchWeight, patchBias] = [await readWhole(`${patch}.weight`), await readWhole(`${patch}.bias`)];
  const folded = pixels
    ? foldPixelScaling(patchWeight, patchBias, pixels)
    : { weight: patchWeight, bias: patchBias };
  const stored = {
    patch: {
      weight: await file.add(
        `${patch}.weight`,
        'float32',
        [spec.hiddenSize, 3, spec.patchSize, spec.patchSize],
        folded.weight,
      ),
      bias: await file.add(`${patch}.bias`, 'float32', [spec.hiddenSize], folded.bias),
    },
    positions: await storeVector('vision_tower.embeddings.position_embedding.weight', [
      1,
      imageTokenCount(spec),
      spec.hiddenSize,
    ]),
  };
  for (layer = 0; layer < spec.layers; layer++) {
    if (layer >= distinctLayers) {
      layers.push(repeatLayer(layers[layer % distinctLayers], layer));
      continue;
    }
    const prefix = visionLayerPrefix(layer);
    const attention = `${prefix}.self_attn`;
    layers.push({
      norm1: await storeNorm(`${prefix}.layer_norm1`),
      attentionInputs: await storeBiased(
        `${attention}.qkv`,
        ['q_proj', 'k_proj', 'v_proj'].map((part) => `${attention}.${part}`),
      ),
      attentionOutput: await storeBiased(`${attention}.out_proj`, [`${attention}.out_proj`]),
      norm2: await storeNorm(`${prefix}.layer_norm2`),
      fc1: await storeBiased(`${prefix}.mlp.fc1`, [`${prefix}.mlp.fc1`]),
      fc2: await storeBiased(`${prefix}.mlp.fc2`, [`${prefix}.mlp.fc2`]),
    });
  }
  layer = undefined;
  const projector = 'multi_modal_projector.linear';
  return {
    ...stored,
    layers,
    postNorm: await storeNorm('vision_tower.post_layernorm'),
    projector: await storeBiased(projector, [projector]),
  };
}
