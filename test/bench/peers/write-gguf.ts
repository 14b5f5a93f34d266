import { type FileHandle, open } from 'node:fs/promises';
import type { TextSpec } from '../../../src/base/model-spec.js';
import { floatsToHalf } from '../../../src/base/half-float.js';

/** Layers of a GGUF file: how ggml stores 32 weights. */
const FORMATS = {
  F32: { type: 0, block: 1, bytes: 4 },
  Q4_0: { type: 2, block: 32, bytes: 18 },
  Q8_0: { type: 8, block: 32, bytes: 34 },
} as const;

type Format = keyof typeof FORMATS;

interface GgufTensor {
  readonly name: string;
  /** Innermost first, as ggml counts. */
  readonly dims: readonly number[];
  readonly format: Format;
}

/** Kinds of tokens in llama.cpp's vocabularies. */
const KINDS = { word: 1, unknown: 2, control: 3, byte: 6 } as const;
const FIRST_BYTE = 4;
const FIRST_WORD = FIRST_BYTE + 256;

const ALIGNMENT_BYTES = 32;
const NOISE_BYTES = 34 * 18 * (1 << 16);

/**
 * Write a Gemma of these sizes with random weights, as llama.cpp reads it.
 * @param format of the layers' matrices; the embedding table, which is the head too, is Q8_0.
 */
export async function writeGguf(path: string, text: TextSpec, format: 'Q4_0' | 'Q8_0'): Promise<void> {
  const tensors = listTensors(text, format);
  const header = new GgufHeader();
  const { hiddenSize, intermediateSize, layers, heads, keyValueHeads, headDim, vocabSize } = text;
  header.text('general.architecture', 'gemma').text('general.name', 'random weights');
  header.number('gemma.context_length', 8192).number('gemma.embedding_length', hiddenSize);
  header.number('gemma.block_count', layers).number('gemma.feed_forward_length', intermediateSize);
  header.number('gemma.attention.head_count', heads);
  header.number('gemma.attention.head_count_kv', keyValueHeads);
  header.number('gemma.attention.key_length', headDim).number('gemma.attention.value_length', headDim);
  header.float('gemma.attention.layer_norm_rms_epsilon', text.rmsNormEps);
  header.text('tokenizer.ggml.model', 'llama').vocabulary(vocabSize);
  header.number('tokenizer.ggml.bos_token_id', 2).number('tokenizer.ggml.eos_token_id', 1);
  header.number('tokenizer.ggml.unknown_token_id', 3).number('tokenizer.ggml.padding_token_id', 0);
  const file = await open(path, 'w');
  try {
    await file.write(header.finish(tensors));
    const noise = { Q4_0: makeNoise('Q4_0'), Q8_0: makeNoise('Q8_0') };
    for (const tensor of tensors) {
      if (tensor.format === 'F32') await file.write(new Float32Array(tensor.dims[0]).fill(1));
      else await writeNoise(file, noise[tensor.format], bytesOf(tensor));
      await file.write(new Uint8Array(-bytesOf(tensor) & (ALIGNMENT_BYTES - 1)));
    }
  } finally {
    await file.close();
  }
}

function listTensors(text: TextSpec, format: Format): GgufTensor[] {
  const { hiddenSize, intermediateSize, heads, keyValueHeads, headDim, vocabSize } = text;
  const norm = (name: string): GgufTensor => ({ name: `${name}.weight`, dims: [hiddenSize], format: 'F32' });
  const matrix = (name: string, inputs: number, outputs: number, as = format): GgufTensor => ({
    name: `${name}.weight`,
    dims: [inputs, outputs],
    format: as,
  });
  const layers = Array.from({ length: text.layers }, (_, layer) => [
    norm(`blk.${layer}.attn_norm`),
    matrix(`blk.${layer}.attn_q`, hiddenSize, heads * headDim),
    matrix(`blk.${layer}.attn_k`, hiddenSize, keyValueHeads * headDim),
    matrix(`blk.${layer}.attn_v`, hiddenSize, keyValueHeads * headDim),
    matrix(`blk.${layer}.attn_output`, heads * headDim, hiddenSize),
    norm(`blk.${layer}.ffn_norm`),
    matrix(`blk.${layer}.ffn_gate`, hiddenSize, intermediateSize),
    matrix(`blk.${layer}.ffn_up`, hiddenSize, intermediateSize),
    matrix(`blk.${layer}.ffn_down`, intermediateSize, hiddenSize),
  ]);
  return [matrix('token_embd', hiddenSize, vocabSize, 'Q8_0'), ...layers.flat(), norm('output_norm')];
}

function bytesOf({ dims, format }: GgufTensor): number {
  const { block, bytes } = FORMATS[format];
  return (dims.reduce((product, size) => product * size, 1) / block) * bytes;
}

/** Metadata and table of a GGUF file of version 3. */
class GgufHeader {
  readonly #parts: Uint8Array[] = [];
  #count = 0;

  text(key: string, value: string): this {
    return this.#add(key, 8, gguf.string(value));
  }

  number(key: string, value: number): this {
    return this.#add(key, 4, Uint8Array.from(new Uint8Array(Uint32Array.of(value).buffer)));
  }

  float(key: string, value: number): this {
    return this.#add(key, 6, new Uint8Array(Float32Array.of(value).buffer));
  }

  /** Four control tokens, the 256 bytes, made-up words. */
  vocabulary(size: number): this {
    const nameOf = (id: number): string => {
      if (id < FIRST_BYTE) return `<${id}>`;
      const byte = (id - FIRST_BYTE).toString(16).toUpperCase().padStart(2, '0');
      return id < FIRST_WORD ? `<0x${byte}>` : `w${id}`;
    };
    const kindOf = (id: number): number => {
      if (id < FIRST_BYTE) return id === 3 ? KINDS.unknown : KINDS.control;
      return id < FIRST_WORD ? KINDS.byte : KINDS.word;
    };
    const words = Array.from({ length: size }, (_, id) => gguf.string(nameOf(id)));
    const kinds = Int32Array.from({ length: size }, (_, id) => kindOf(id));
    this.#add('tokenizer.ggml.tokens', 9, gguf.array(8, size, Buffer.concat(words)));
    const scores = new Uint8Array(new Float32Array(size).buffer);
    this.#add('tokenizer.ggml.scores', 9, gguf.array(6, size, scores));
    return this.#add('tokenizer.ggml.token_type', 9, gguf.array(5, size, new Uint8Array(kinds.buffer)));
  }

  finish(tensors: readonly GgufTensor[]): Uint8Array {
    let offset = 0;
    const table = tensors.map((tensor) => {
      const { name, dims, format } = tensor;
      const head = Buffer.alloc(4);
      head.writeUInt32LE(dims.length);
      const tail = Buffer.alloc(12);
      tail.writeUInt32LE(FORMATS[format].type);
      tail.writeBigUInt64LE(BigInt(offset), 4);
      offset += Math.ceil(bytesOf(tensor) / ALIGNMENT_BYTES) * ALIGNMENT_BYTES;
      return Buffer.concat([gguf.string(name), head, ...dims.map(gguf.long), tail]);
    });
    const start = Buffer.concat([Buffer.from('GGUF'), Buffer.from(Uint32Array.of(3).buffer)]);
    const counts = [gguf.long(tensors.length), gguf.long(this.#count)];
    const whole = Buffer.concat([start, ...counts, ...this.#parts, ...table]);
    return Buffer.concat([whole, Buffer.alloc(-whole.length & (ALIGNMENT_BYTES - 1))]);
  }

  #add(key: string, type: number, value: Uint8Array): this {
    this.#parts.push(gguf.string(key), Buffer.from(Uint32Array.of(type).buffer), value);
    this.#count++;
    return this;
  }
}

const gguf = {
  long: (value: number): Buffer => Buffer.from(BigUint64Array.of(BigInt(value)).buffer),
  string: (value: string): Buffer => Buffer.concat([gguf.long(Buffer.byteLength(value)), Buffer.from(value)]),
  array: (type: number, length: number, values: Uint8Array): Buffer =>
    Buffer.concat([Buffer.from(Uint32Array.of(type).buffer), gguf.long(length), values]),
};

/** Blocks of random weights with a standard deviation of about 0.02. */
function makeNoise(format: 'Q4_0' | 'Q8_0'): Uint8Array {
  const noise = new Uint8Array(NOISE_BYTES);
  let state = 1;
  for (let i = 0; i < noise.length; i++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    noise[i] = state >>> 24;
  }
  const [scale] = floatsToHalf(Float32Array.of(format === 'Q4_0' ? 0.0043 : 0.00027));
  for (let at = 0; at < noise.length; at += FORMATS[format].bytes) {
    noise[at] = scale & 255;
    noise[at + 1] = scale >> 8;
  }
  return noise;
}

async function writeNoise(file: FileHandle, noise: Uint8Array, sizeBytes: number): Promise<void> {
  for (let left = sizeBytes; left > 0; left -= noise.length) {
    await file.write(noise, 0, Math.min(left, noise.length));
  }
}
