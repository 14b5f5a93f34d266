import { ModelError } from '../../base/errors.js';
import { quote } from './config-file.js';

/** By `quant_method` of transformers' quantization_config. */
const TITLES: Readonly<Record<string, string>> = {
  bitsandbytes: 'bitsandbytes',
  gptq: 'GPTQ',
  awq: 'AWQ',
  fp8: 'FP8',
  mxfp8: 'MXFP8',
  fbgemm_fp8: 'FBGEMM in FP8',
  'compressed-tensors': 'compressed-tensors',
  compressed_tensors: 'compressed-tensors',
  torchao: 'torchao',
  quanto: 'Quanto',
  hqq: 'HQQ',
  aqlm: 'AQLM',
  eetq: 'EETQ',
  'auto-round': 'AutoRound',
  mxfp4: 'MXFP4',
  nvfp4: 'NVFP4',
};

/**
 * Make sure that the weights are numbers, not codes that another program made of them. The configuration says so
 * before any weights are fetched.
 * @throws {ModelError} they are not; the sentence names the program.
 */
export function refuseQuantised(config: Readonly<Record<string, unknown>>, path: string): void {
  for (const part of [config, config['text_config'], config['vision_config']]) {
    const quantiser = findQuantiser(part);
    if (quantiser === undefined) continue;
    throw new ModelError(
      'CHECKPOINT_QUANTISED',
      `${path} says that the weights were quantised by ${quantiser}, which pali cannot read.`,
      {
        hint: 'Take the checkpoint that it was made from, in bfloat16 or float32; pali quantises by itself: --dtype int8 or int4.',
      },
    );
  }
}

function findQuantiser(part: unknown): string | undefined {
  if (typeof part !== 'object' || part === null) return undefined;
  const fields = part as Readonly<Record<string, unknown>>;
  const given = fields['quantization_config'] ?? fields['compression_config'];
  if (typeof given === 'object' && given !== null) {
    const values = given as Readonly<Record<string, unknown>>;
    const method = values['quant_method'] ?? values['method'];
    // Files of old versions have no method, only bitsandbytes' switches.
    if ('load_in_4bit' in values || 'load_in_8bit' in values) {
      if (method === undefined || method === 'bitsandbytes') {
        return `bitsandbytes (${values['load_in_4bit'] === true ? 4 : 8} bits)`;
      }
    }
    if (typeof method === 'string') return Object.hasOwn(TITLES, method) ? TITLES[method] : quote(method);
    // MLX writes its own field again under the name of transformers'.
    if ('group_size' in values) return describeMlx(values);
    return 'a program that it does not name';
  }
  const mlx = fields['quantization'];
  if (typeof mlx === 'object' && mlx !== null) return describeMlx(mlx as Readonly<Record<string, unknown>>);
  return undefined;
}

function describeMlx({ bits }: Readonly<Record<string, unknown>>): string {
  return `MLX${typeof bits === 'number' ? ` (${bits} bits)` : ''}`;
}
