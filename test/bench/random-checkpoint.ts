import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import {
  listTensors,
  type TensorRow,
  type TensorTableSpec,
} from '../../src/weights/checkpoint/tensor-table.js';

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
 * Write a bfloat16 checkpoint of random weights (normal, standard deviation 0.02).
 * @param shardBytes begins another file when the last has so many; one file when absent.
 * @returns its size in bytes.
 */
export async function writeRandomCheckpoint(
  folder: string,
  spec: TensorTableSpec,
  shardBytes = Infinity,
): Promise<number> {
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

  const shards = splitRows(
    listTensors(spec).filter((row) => !row.isOptional),
    shardBytes,
  );
  const weightMap: Record<string, string> = {};
  let total = 0;
  for (const [at, rows] of shards.entries()) {
    const number = (value: number): string => String(value).padStart(5, '0');
    const name =
      shards.length === 1
        ? 'model.safetensors'
        : `model-${number(at + 1)}-of-${number(shards.length)}.safetensors`;
    for (const row of rows) weightMap[row.name] = name;
    total += await writeShard(join(folder, name), rows);
  }
  if (shards.length > 1) {
    const index = JSON.stringify({ weight_map: weightMap });
    writeFileSync(join(folder, 'model.safetensors.index.json'), index);
  }
  return total;
}

/** Bytes of a tensor in bfloat16. */
const bytesOf = ({ shape }: TensorRow): number => product(shape) * 2;

function splitRows(rows: readonly TensorRow[], shardBytes: number): TensorRow[][] {
  const shards: TensorRow[][] = [[]];
  let size = 0;
  for (const row of rows) {
    if (size > 0 && size + bytesOf(row) > shardBytes) {
      shards.push([]);
      size = 0;
    }
    shards.at(-1)!.push(row);
    size += bytesOf(row);
  }
  return shards;
}

async function writeShard(path: string, rows: readonly TensorRow[]): Promise<number> {
  const header: Record<string, unknown> = {};
  let offset = 0;
  for (const row of rows) {
    const end = offset + bytesOf(row);
    header[row.name] = { dtype: 'BF16', shape: row.shape, data_offsets: [offset, end] };
    offset = end;
  }
  const json = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length));
  const file = await open(path, 'w');
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
