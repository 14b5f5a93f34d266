import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeSyntheticCheckpoint } from '../../../src/weights/checkpoint/synthetic-checkpoint.js';
import type { CheckpointConfig } from '../../../src/weights/checkpoint/read-config.js';
import { storeText } from '../../../src/weights/convert/store-text.js';
import { storeVision } from '../../../src/weights/convert/store-vision.js';
import type { LinearPlan } from '../../../src/weights/graph/linear-plan.js';
import { stackRows, storeLinear } from '../../../src/weights/graph/store-linear.js';
import { WeightFile } from '../../../src/weights/graph/weight-file.js';
import { buildHubDecoder, buildHubEmbedding, buildHubVision } from './hub-graphs.js';

/** Names of transformers.js's dtypes, how its file names end, and how matrices are stored. */
export const HUB_DTYPES = {
  q4: { suffix: '_q4', matrices: { format: 'q4', blockSize: 32 } },
  q8: { suffix: '_quantized', matrices: { format: 'w8a8' } },
} as const satisfies Record<string, { suffix: string; matrices: LinearPlan }>;

/**
 * Write a PaliGemma of noise as the repositories for transformers.js on the hub have it: three graphs with their
 * weights beside them, the embedding table in float32.
 */
export async function writeHubExport(
  folder: string,
  config: CheckpointConfig,
  imageToken: number,
  dtype: keyof typeof HUB_DTYPES,
): Promise<void> {
  const { suffix, matrices } = HUB_DTYPES[dtype];
  const { vision, text } = config;
  const checkpoint = makeSyntheticCheckpoint(config);
  const onnx = join(folder, 'onnx');
  mkdirSync(onnx, { recursive: true });
  const write = async (name: string, make: (file: WeightFile) => Promise<Uint8Array>): Promise<void> => {
    const file = await WeightFile.create(join(onnx, `${name}${suffix}.onnx_data`));
    writeFileSync(join(onnx, `${name}${suffix}.onnx`), await make(file));
    await file.close();
  };
  const ignore = (): void => undefined;
  await write('vision_encoder', async (file) => {
    const stored = await storeVision(checkpoint, config, file, matrices, ignore);
    return buildHubVision(vision, text.hiddenSize, stored);
  });
  const table = checkpoint.tensors.get('language_model.embed_tokens.weight')!;
  await write('embed_tokens', async (file) => {
    const [rows, width] = table.shape;
    const offset = await file.begin(rows * width * 4);
    for (let row = 0; row < rows; row += 2048)
      await file.append(await table.readRows(row, Math.min(2048, rows - row)));
    return buildHubEmbedding(width, file.finish('embed_tokens', 'float32', [rows, width], offset));
  });
  await write('decoder_model_merged', async (file) => {
    const plan = { file: file.name, attention: matrices, mlp: matrices, forms: [] };
    const stored = await storeText(checkpoint, config, plan, file, ignore);
    return buildHubDecoder(text, stored, await storeLinear(file, 'lm_head', stackRows([table]), matrices));
  });
  const settings = {
    model_type: 'paligemma',
    architectures: ['PaliGemmaForConditionalGeneration'],
    image_token_index: imageToken,
    text_config: {
      model_type: 'gemma',
      hidden_size: text.hiddenSize,
      num_hidden_layers: text.layers,
      num_attention_heads: text.heads,
      num_key_value_heads: text.keyValueHeads,
      head_dim: text.headDim,
      vocab_size: text.vocabSize,
    },
  };
  writeFileSync(join(folder, 'config.json'), JSON.stringify(settings));
  writeFileSync(join(folder, 'generation_config.json'), JSON.stringify({ eos_token_id: -1 }));
}
