// transformers.js in a process of its own: MODULE FOLDER DTYPE IMAGE_TOKEN.
import { readMemory } from '../process-memory.js';
import { bestOf, timed } from './best-of.js';
import { IMAGE_TOKENS, type PeerMeasurement, PROMPT_IDS } from './peer-sizes.js';

interface Model {
  generate(options: object): Promise<unknown>;
  encode_image(inputs: object): Promise<unknown>;
}

interface TransformersJs {
  readonly env: { allowRemoteModels: boolean };
  readonly BaseStreamer: new () => object;
  readonly Tensor: new (type: string, data: unknown, dims: readonly number[]) => unknown;
  readonly PaliGemmaForConditionalGeneration: {
    from_pretrained(folder: string, options: object): Promise<Model>;
  };
}

const RUNS = 3;
const TOKENS = 16;
const SIDE = 224;

const [module, folder, dtype, imageToken] = process.argv.slice(2);
const { env, BaseStreamer, Tensor, PaliGemmaForConditionalGeneration } = (await import(
  module
)) as TransformersJs;
env.allowRemoteModels = false;
const startedAt = performance.now();
const model = await PaliGemmaForConditionalGeneration.from_pretrained(folder, {
  dtype,
  device: 'cpu',
  use_external_data_format: true,
});
const loadMs = performance.now() - startedAt;

const pixels = Float32Array.from({ length: 3 * SIDE ** 2 }, (_, i) => Math.sin(i));
const pixel_values = new Tensor('float32', pixels, [1, 3, SIDE, SIDE]);
const ids = [...Array.from({ length: IMAGE_TOKENS }, () => Number(imageToken)), ...PROMPT_IDS];
const input_ids = new Tensor('int64', BigInt64Array.from(ids, BigInt), [1, ids.length]);
const attention_mask = new Tensor(
  'int64',
  BigInt64Array.from(ids, () => 1n),
  [1, ids.length],
);

/** Called with the prompt, and then with every token. */
class Clock extends BaseStreamer {
  readonly times: number[] = [];
  put(): void {
    this.times.push(performance.now());
  }
  end(): void {}
}

const visionMs = await bestOf(RUNS, () => timed(() => model.encode_image({ pixel_values })));
const tokens: number[] = [];
const firstMs = await bestOf(RUNS, async () => {
  const streamer = new Clock();
  const from = performance.now();
  await model.generate({
    ...{ input_ids, attention_mask, pixel_values, streamer },
    ...{ max_new_tokens: TOKENS, do_sample: false, eos_token_id: -1 },
  });
  const [, first, ...rest] = streamer.times;
  rest.forEach((time, i) => tokens.push(time - (i === 0 ? first : rest[i - 1])));
  return first - from;
});
const measurement: PeerMeasurement = {
  loadMs,
  visionMs,
  prefillMs: firstMs - visionMs,
  tokenMs: Math.min(...tokens),
  peakMB: readMemory().peak,
};
process.send!(measurement, () => process.exit(0));
