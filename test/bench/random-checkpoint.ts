import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import { listTensors, type TensorTableSpec } from '../../src/weights/tensor-table.js';

/** Ids of Google's tokenizer. */
export const paligemmaTokens = {
  pad: 0,
  bos: 2,
  eos: 1,
  image: 257_152,
  firstLoc: 256_000,
  firstSeg: 257_024,
};

/** The shapes of PaliGemma 3B at 224 px with fewer layers: the time for the rest follows from the weights. */
export function paligemma3b(visionLayers = 27, textLayers = 18): TensorTableSpec {
  return {
    family: 'paligemma',
    isHeadTied: true,
    vision: {
      imageSize: 224,
      patchSize: 14,
      hiddenSize: 1152,
      intermediateSize: 4304,
      layers: visionLayers,
      heads: 16,
      layerNormEps: 1e-6,
    },
    text: {
      hiddenSize: 2048,
      intermediateSize: 16_384,
      layers: textLayers,
      heads: 8,
      keyValueHeads: 1,
      headDim: 256,
      rmsNormEps: 1e-6,
      ropeTheta: 10_000,
      vocabSize: 257_216,
      attentionScale: 256 ** -0.5,
    },
  };
}

/** Weights in all tensors. */
export function countWeights(spec: TensorTableSpec): number {
  return listTensors(spec)
    .filter((row) => !row.isOptional)
    .reduce((sum, row) => sum + product(row.shape), 0);
}

const NOISE_VALUES = 1 << 22;

/**
 * Write a bfloat16 checkpoint of random weights (normal, standard deviation 0.02) in one file.
 * @returns its size in bytes.
 */
export async function writeRandomCheckpoint(folder: string, spec: TensorTableSpec): Promise<number> {
  mkdirSync(folder, { recursive: true });
  const { vision, text } = spec;
  const config = {
    model_type: 'paligemma',
    vision_config: {
      hidden_size: vision.hiddenSize,
      intermediate_size: vision.intermediateSize,
      num_hidden_layers: vision.layers,
      num_attention_heads: vision.heads,
      image_size: vision.imageSize,
      patch_size: vision.patchSize,
    },
    text_config: {
      model_type: 'gemma',
      hidden_size: text.hiddenSize,
      intermediate_size: text.intermediateSize,
      num_hidden_layers: text.layers,
      num_attention_heads: text.heads,
      num_key_value_heads: text.keyValueHeads,
      vocab_size: text.vocabSize,
    },
  };
  writeFileSync(join(folder, 'config.json'), JSON.stringify(config));
  for (const file of ['tokenizer.json', 'tokenizer_config.json'])
    copyFileSync(join('fixtures/demo', file), join(folder, file));

  const header: Record<string, unknown> = {};
  let offset = 0;
  const rows = listTensors(spec).filter((row) => !row.isOptional);
  for (const row of rows) {
    const sizeBytes = product(row.shape) * 2;
    header[row.name] = { dtype: 'BF16', shape: row.shape, data_offsets: [offset, offset + sizeBytes] };
    offset += sizeBytes;
  }
  const json = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length));
  const file = await open(join(folder, 'model.safetensors'), 'w');
  try {
    await file.writeFile(Buffer.concat([length, json]));
    await writeNoise(file, offset);
  } finally {
    await file.close();
  }
  return 8 + json.length + offset;
}

async function writeNoise(file: FileHandle, sizeBytes: number): Promise<void> {
  const noise = makeNoise();
  let start = 0;
  for (let left = sizeBytes; left > 0;) {
    const count = Math.min(left, noise.length - start);
    await file.write(noise, start, count);
    left -= count;
    // Another place each time, so that no two tensors are alike.
    start = (start + 2 * 104_729) % (noise.length / 2);
  }
}

function makeNoise(): Buffer {
  const values = new Float32Array(NOISE_VALUES);
  for (let i = 0; i < values.length; i++) {
    values[i] = 0.02 * Math.sqrt(-2 * Math.log(1 - Math.random())) * Math.cos(2 * Math.PI * Math.random());
  }
  const bits = new Uint32Array(values.buffer);
  const halves = Uint16Array.from(bits, (value) => value >>> 16);
  return Buffer.from(halves.buffer);
}

function product(shape: readonly number[]): number {
  return shape.reduce((result, size) => result * size, 1);
}
