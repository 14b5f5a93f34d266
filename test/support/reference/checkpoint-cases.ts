import { cpSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fixturePath } from '../../../fixtures/index.js';
import { type RawTensor, readSafetensors, writeSafetensors } from './safetensors.js';

/** Fields of a JSON file. */
export type Fields = Record<string, unknown>;
type Config = Fields & { text_config: Fields; vision_config: Fields };

/** A checkpoint as some program leaves it: one of the tiny ones, changed. */
export interface CheckpointCase {
  /** What the user saw before pali knew of it. */
  readonly name: string;
  readonly from?: 'pg1-tiny' | 'pg2-tiny';
  /** Changes the copy in `folder`; gives the adapter's folder where there is one. */
  readonly make: (folder: string) => string | void;
}

const WEIGHTS = 'model.safetensors';
const INDEX = 'model.safetensors.index.json';
const TABLE = 'language_model.model.embed_tokens.weight';
const HEAD = 'language_model.lm_head.weight';

export function editJson(folder: string, name: string, change: (fields: Fields) => unknown): void {
  const path = join(folder, name);
  const fields = JSON.parse(readFileSync(path, 'utf8')) as Fields;
  change(fields);
  // transformers 5 insists on a point in the numbers that it declares so.
  const text = JSON.stringify(fields).replace(/("\w+_(?:softcapping|penalty)":\d+)(?=[,}])/g, '$1.0');
  writeFileSync(path, text);
}

const config =
  (change: (config: Config) => unknown) =>
  (folder: string): void =>
    editJson(folder, 'config.json', (fields) => change(fields as Config));
const preprocessor =
  (fields: Fields) =>
  (folder: string): void =>
    editJson(folder, 'preprocessor_config.json', (all) => Object.assign(all, fields));
const generation =
  (fields: Fields) =>
  (folder: string): void =>
    editJson(folder, 'generation_config.json', (all) => Object.assign(all, fields));

export function editTensors(
  folder: string,
  change: (tensors: Map<string, RawTensor>) => unknown,
  name = WEIGHTS,
): void {
  const tensors = readSafetensors(join(folder, name));
  change(tensors);
  writeSafetensors(join(folder, name), tensors);
}

const tensors =
  (change: (tensors: Map<string, RawTensor>) => unknown) =>
  (folder: string): void =>
    editTensors(folder, change);

function floatsOf({ bytes }: RawTensor): Float32Array {
  return new Float32Array(Uint8Array.from(bytes).buffer);
}

export function floats(shape: readonly number[], valueAt: (index: number) => number): RawTensor {
  const values = Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => valueAt(i));
  return { dtype: 'F32', shape, bytes: new Uint8Array(values.buffer) };
}

/** A float32 tensor, value by value. */
function mapFloats(tensor: RawTensor, change: (value: number, index: number) => number): RawTensor {
  const values = floatsOf(tensor);
  return floats(tensor.shape, (i) => change(values[i], i));
}

/** Numbers that look like noise and are the same everywhere. */
const noise = (index: number): number => (((index * 7919 + 13) % 1009) / 1009 - 0.5) * 0.6;

function writeIndex(folder: string, names: Iterable<string>, shard: string): void {
  const map = Object.fromEntries([...names].map((name) => [name, shard]));
  writeFileSync(join(folder, INDEX), JSON.stringify({ metadata: { total_size: 1 }, weight_map: map }));
}

const SHARD = 'model-00001-of-00001.safetensors';

/** The adapter `lora`, changed, beside the checkpoint. */
function adapter(
  folder: string,
  fields: Fields,
  change: (tensors: Map<string, RawTensor>) => unknown = () => undefined,
): string {
  const copy = `${folder}-adapter`;
  cpSync(fixturePath('adapters', 'lora'), copy, { recursive: true });
  editJson(copy, 'adapter_config.json', (all) => Object.assign(all, fields));
  editTensors(copy, change, 'adapter_model.safetensors');
  return copy;
}

const PREFIX = 'base_model.model.model.';

/** The base's table with other rows added, as `resize_token_embeddings` and a training leave it. */
function longerTable(folder: string, rows: number, shift: number): RawTensor {
  const table = readSafetensors(join(folder, WEIGHTS)).get(TABLE)!;
  const values = floatsOf(table);
  const width = table.shape[1];
  return floats([table.shape[0] + rows, width], (i) => values[i] ?? noise(i + shift));
}

/** The base's tokenizer with tokens added, as an adapter brings it. */
function addTokens(from: string, to: string, names: readonly string[]): void {
  for (const name of ['tokenizer.json', 'tokenizer_config.json']) cpSync(join(from, name), join(to, name));
  editJson(to, 'tokenizer.json', (all) => {
    const tokens = all['added_tokens'] as Fields[];
    const first = Math.max(...tokens.map(({ id }) => id as number)) + 1;
    names.forEach((content, i) =>
      tokens.push({ ...tokens[0], id: first + i, content, normalized: true, special: false }),
    );
  });
}

/** Heads of 8 numbers in place of 16: half of the rows of each. */
function halveHeads(folder: string): void {
  config((c) => (c.text_config['head_dim'] = 8))(folder);
  const keep = (tensor: RawTensor, rows: number, columns: number): RawTensor => {
    const values = floatsOf(tensor);
    const width = tensor.shape[1];
    return floats([rows, columns], (i) => values[Math.floor(i / columns) * width + (i % columns)]);
  };
  editTensors(folder, (all) => {
    for (const [name, tensor] of all) {
      const [rows, columns] = tensor.shape;
      if (/language_model.*[qkv]_proj/.test(name)) all.set(name, keep(tensor, rows / 2, columns));
      if (/language_model.*o_proj/.test(name)) all.set(name, keep(tensor, rows, columns / 2));
    }
  });
}

/** Checkpoints that answer, each as fixtures/reference/checkpoint-cases/expected.json says. */
export const answeringCases: readonly CheckpointCase[] = [
  {
    name: 'rope_scaling was ignored',
    make: config((c) => (c.text_config['rope_scaling'] = { type: 'linear', factor: 4 })),
  },
  {
    name: 'rope_parameters of transformers 5 with linear scaling were ignored',
    make: config((c) =>
      Object.assign(c.text_config, {
        rope_theta: 10_000,
        rope_parameters: { rope_type: 'linear', factor: 2, rope_theta: 500 },
      }),
    ),
  },
  {
    name: 'rope_scaling of PaliGemma 2 was ignored',
    from: 'pg2-tiny',
    make: config((c) => (c.text_config['rope_scaling'] = { rope_type: 'linear', factor: 3 })),
  },
  {
    name: 'rope_theta was taken, not the one in rope_parameters',
    make: config((c) =>
      Object.assign(c.text_config, {
        rope_theta: 10_000,
        rope_parameters: { rope_type: 'default', rope_theta: 500 },
      }),
    ),
  },
  {
    name: 'layer_types of PaliGemma 2 was ignored',
    from: 'pg2-tiny',
    make: config((c) => {
      const layers = ['full_attention', 'sliding_attention', 'sliding_attention', 'full_attention'];
      c.text_config['layer_types'] = layers;
    }),
  },
  {
    name: 'silu was ignored',
    make: config((c) => Object.assign(c.text_config, { hidden_act: 'silu', hidden_activation: 'silu' })),
  },
  {
    name: 'gelu of an old Gemma means the tanh formula',
    make: config((c) => Object.assign(c.text_config, { hidden_act: 'gelu', hidden_activation: null })),
  },
  {
    name: 'relu of Gemma 2 was ignored',
    from: 'pg2-tiny',
    make: config((c) => Object.assign(c.text_config, { hidden_activation: 'relu' })),
  },
  {
    name: 'quick_gelu of Gemma 2 was ignored',
    from: 'pg2-tiny',
    make: config((c) => Object.assign(c.text_config, { hidden_activation: 'quick_gelu' })),
  },
  {
    name: 'relu of the vision tower was ignored',
    make: config((c) => (c.vision_config['hidden_act'] = 'relu')),
  },
  {
    name: 'the model of text_config without a head of its own was refused',
    make: config((c) => (c.text_config['tie_word_embeddings'] = false)),
  },
  {
    name: 'mean and deviation in processor_config.json were not read',
    make: (folder: string): string | void => {
      const path = join(folder, 'preprocessor_config.json');
      const inner = JSON.parse(readFileSync(path, 'utf8')) as Fields;
      rmSync(path);
      Object.assign(inner, { image_mean: [0.485, 0.456, 0.406], image_std: [0.229, 0.224, 0.225] });
      const value = { image_processor: inner, processor_class: 'PaliGemmaProcessor' };
      writeFileSync(join(folder, 'processor_config.json'), JSON.stringify(value));
    },
  },
  {
    name: 'processor_config.json did not count before preprocessor_config.json',
    make: (folder: string): string | void => {
      const inner = JSON.parse(readFileSync(join(folder, 'preprocessor_config.json'), 'utf8')) as Fields;
      preprocessor({ image_mean: [0.1, 0.1, 0.1] })(folder);
      const value = { image_processor: { ...inner, image_std: [0.25, 0.5, 1] } };
      writeFileSync(join(folder, 'processor_config.json'), JSON.stringify(value));
    },
  },
  { name: 'rescale_factor was ignored', make: preprocessor({ rescale_factor: 1 }) },
  { name: 'do_rescale was ignored', make: preprocessor({ do_rescale: false }) },
  { name: 'do_normalize was ignored', make: preprocessor({ do_normalize: false }) },
  { name: 'the model with heads of 8 numbers was a bug', make: halveHeads },
  {
    name: 'weights in float64 were damaged',
    make: tensors((all) => {
      for (const [name, tensor] of all) {
        const values = Float64Array.from(floatsOf(tensor));
        all.set(name, { ...tensor, dtype: 'F64', bytes: new Uint8Array(values.buffer) });
      }
    }),
  },
  {
    name: 'stale shards were read beside model.safetensors',
    make: (folder: string): string | void => {
      const stale = readSafetensors(join(folder, WEIGHTS));
      for (const [name, tensor] of stale) {
        if (name.includes('mlp'))
          stale.set(
            name,
            mapFloats(tensor, (value) => value / 2),
          );
      }
      writeSafetensors(join(folder, SHARD), stale);
      writeIndex(folder, stale.keys(), SHARD);
    },
  },
  {
    name: 'an index without its shards beside model.safetensors asked for the rest of the download',
    make: (folder: string): string | void =>
      writeIndex(folder, readSafetensors(join(folder, WEIGHTS)).keys(), SHARD),
  },
  {
    name: 'the index names a head that no shard holds, and that was damage',
    make: (folder: string): string | void => {
      writeIndex(folder, [...readSafetensors(join(folder, WEIGHTS)).keys(), HEAD], SHARD);
      renameSync(join(folder, WEIGHTS), join(folder, SHARD));
    },
  },
  {
    name: 'a head that differs from the table of a tied model was dropped',
    make: (folder: string): string | void => {
      config((c) => (c['tie_word_embeddings'] = true))(folder);
      editTensors(folder, (all) =>
        all.set(
          HEAD,
          mapFloats(all.get(TABLE)!, (value, i) => value + noise(i)),
        ),
      );
    },
  },
  {
    name: 'a head alone, without its table, was refused',
    make: tensors((all) => {
      all.set(HEAD, all.get(TABLE)!);
      all.delete(TABLE);
    }),
  },
  {
    name: "SigLIP's own pooling head was refused",
    make: tensors((all) => {
      const prefix = 'vision_tower.vision_model.head.';
      const shapes = { probe: [1, 1, 72], 'attention.in_proj_weight': [216, 72], 'layernorm.bias': [72] };
      for (const [name, shape] of Object.entries(shapes))
        all.set(
          prefix + name,
          floats(shape, () => 0),
        );
    }),
  },
  {
    name: 'NaN and Infinity of a file that Python wrote were not JSON',
    make: (folder: string): string | void => {
      const path = join(folder, 'config.json');
      const text = readFileSync(path, 'utf8').replace(
        '{',
        '{"initializer_range": NaN, "text": "NaN, Infinity", "most": -Infinity,',
      );
      writeFileSync(path, text);
    },
  },
  { name: 'repetition_penalty was ignored', make: generation({ repetition_penalty: 1.8 }) },
  { name: 'no_repeat_ngram_size was ignored', make: generation({ no_repeat_ngram_size: 1 }) },
  { name: 'no_repeat_ngram_size of 2 was ignored', make: generation({ no_repeat_ngram_size: 2 }) },
  { name: 'suppress_tokens was ignored', make: generation({ suppress_tokens: [1912, 80, 309] }) },
  { name: 'begin_suppress_tokens was ignored', make: generation({ begin_suppress_tokens: [1912] }) },
  {
    name: 'bad_words_ids was ignored',
    make: generation({
      bad_words_ids: [[1912, 1912], [80]],
    }),
  },
  { name: 'min_new_tokens was ignored', make: generation({ eos_token_id: [1, 80], min_new_tokens: 6 }) },
  { name: 'min_length was ignored', make: generation({ eos_token_id: [1, 80], min_length: 25 }) },
  {
    name: 'an adapter with new tokens lost their text',
    make: (folder: string): string | void => {
      const copy = adapter(folder, { modules_to_save: ['embed_tokens', 'lm_head'] }, (all) => {
        const table = readSafetensors(join(folder, WEIGHTS)).get(TABLE)!;
        // The first new token's row.
        const [first, end] = [2370 * 96, 2371 * 96];
        const change =
          (step: number) =>
          (value: number, i: number): number =>
            i >= first && i < end ? noise(i * step) : value;
        all.set(`${PREFIX}language_model.embed_tokens.weight`, mapFloats(table, change(3)));
        all.set('base_model.model.lm_head.weight', mapFloats(table, change(17)));
      });
      addTokens(folder, copy, ['<defect0>', '<defect1>']);
      return copy;
    },
  },
  {
    name: 'an adapter with a longer table was refused, and blamed on the base',
    make: (folder: string): string | void => {
      const copy = adapter(folder, { modules_to_save: ['embed_tokens', 'lm_head'] }, (all) => {
        all.set(`${PREFIX}language_model.embed_tokens.weight`, longerTable(folder, 9, 0));
        all.set('base_model.model.lm_head.weight', longerTable(folder, 9, 5));
      });
      const names = Array.from({ length: 71 }, (_, i) => `<defect${i}>`);
      addTokens(folder, copy, names);
      return copy;
    },
  },
  {
    name: 'a longer table that PEFT saved by itself was refused',
    make: (folder: string): string | void =>
      adapter(folder, {}, (all) => {
        all.set(`${PREFIX}language_model.embed_tokens.weight`, longerTable(folder, 9, 0));
        all.set('base_model.model.lm_head.weight', longerTable(folder, 9, 0));
      }),
  },
  {
    name: "modules_to_save 'norm' stands for every norm, and was refused",
    make: (folder: string): string | void =>
      adapter(folder, { modules_to_save: ['norm'] }, (all) => {
        for (const [name, tensor] of readSafetensors(join(folder, WEIGHTS))) {
          const module = name.replace(/\.(weight|bias)$/, '');
          if (!module.endsWith('norm')) continue;
          const plain = name
            .replace('language_model.model.', 'language_model.')
            .replace('vision_tower.vision_model.', 'vision_tower.');
          all.set(
            PREFIX + plain,
            mapFloats(tensor, (value, i) => value + noise(i)),
          );
        }
      }),
  },
  {
    name: 'modules_to_save names a module that the model does not have, and that was refused',
    make: (folder: string): string | void => adapter(folder, { modules_to_save: ['score', 'classifier'] }),
  },
  {
    name: 'an adapter without base_model.model. in its names was damaged',
    make: (folder: string): string | void =>
      adapter(folder, {}, (all) => {
        for (const [name, tensor] of [...all]) {
          all.delete(name);
          all.set(name.replace('base_model.model.', ''), tensor);
        }
      }),
  },
  {
    name: 'LoRA on the patch convolution was blamed on the base',
    make: (folder: string): string | void =>
      adapter(folder, { target_modules: ['q_proj', 'v_proj', 'gate_proj', 'patch_embedding'] }, (all) => {
        const module = `${PREFIX}vision_tower.embeddings.patch_embedding`;
        all.set(`${module}.lora_A.weight`, floats([4, 3, 14, 14], noise));
        all.set(
          `${module}.lora_B.weight`,
          floats([72, 4, 1, 1], (i) => noise(i + 1)),
        );
      }),
  },
];

/**
 * Make a case in a new folder.
 * @returns the checkpoint, and the adapter where there is one.
 */
export function makeCase(
  { from = 'pg1-tiny', make }: CheckpointCase,
  folder: string,
): { folder: string; adapter: string | undefined } {
  mkdirSync(folder, { recursive: true });
  cpSync(fixturePath('checkpoints', from), folder, { recursive: true });
  return { folder, adapter: make(folder) ?? undefined };
}
