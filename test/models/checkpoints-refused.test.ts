import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fixturePath } from '../../fixtures/index.js';
import { importModel } from '../../src/models/import-model.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { editJson, editTensors, type Fields, makeCase } from '../support/reference/checkpoint-cases.js';

const root = temporaryFolder();
let count = 0;

type Make = (folder: string) => string | void;

/** What importing a changed copy of pg1-tiny says. */
async function refusal(
  make: Make,
): Promise<{ code: string; exitCode: number; message: string; hint: string }> {
  const { folder, adapter } = makeCase({ name: '', make }, join(root, `case-${count++}`));
  const store = `${folder}-store`;
  const imported = importModel({
    sourceFolder: folder,
    adapterFolder: adapter,
    name: 'x',
    dtype: 'fp32',
    store,
  });
  const error = await imported.then(
    () => new Error('no refusal'),
    (reason: unknown) => reason as Error,
  );
  // A refusal leaves nothing in the store.
  expect(readdirSync(root).includes(store) ? readdirSync(store) : []).toEqual([]);
  return error as never;
}

const config =
  (change: (fields: Fields & { text_config: Fields; vision_config: Fields }) => unknown): Make =>
  (folder) =>
    editJson(folder, 'config.json', (fields) => change(fields as never));
const preprocessor =
  (fields: Fields): Make =>
  (folder) =>
    editJson(folder, 'preprocessor_config.json', (all) => Object.assign(all, fields));

/** A folder with these files alone. */
const only =
  (...names: readonly string[]): Make =>
  (folder) => {
    rmSync(folder, { recursive: true });
    mkdirSync(folder);
    for (const name of names) writeFileSync(join(folder, name), '{}');
  };

/** config.json and the tokenizer, and weights of these names in place of safetensors. */
const weights =
  (...names: readonly string[]): Make =>
  (folder) => {
    rmSync(join(folder, 'model.safetensors'));
    for (const name of names) writeFileSync(join(folder, name), 'x');
  };

const rename =
  (prefix: string): Make =>
  (folder) =>
    editTensors(folder, (tensors) => {
      for (const [name, tensor] of [...tensors]) {
        tensors.delete(name);
        tensors.set(prefix + name, tensor);
      }
    });

const quantised = (value: unknown): Make => config((c) => (c['quantization_config'] = value));
const rope = (value: unknown): Make => config((c) => (c.text_config['rope_parameters'] = value));

describe('pali says what a checkpoint is, where it called it', () => {
  it.each<[string, Make, string, string]>([
    [
      'damaged: MLX in 4 bits',
      config((c) => (c['quantization'] = { group_size: 32, bits: 4 })),
      'CHECKPOINT_QUANTISED',
      'quantised by MLX (4 bits)',
    ],
    [
      'damaged: MLX under the other name',
      quantised({ group_size: 64, bits: 8 }),
      'CHECKPOINT_QUANTISED',
      'MLX (8 bits)',
    ],
    [
      'damaged: bitsandbytes',
      quantised({ quant_method: 'bitsandbytes', load_in_4bit: true }),
      'CHECKPOINT_QUANTISED',
      'bitsandbytes (4 bits)',
    ],
    [
      'damaged: bitsandbytes of old versions',
      quantised({ load_in_8bit: true }),
      'CHECKPOINT_QUANTISED',
      'bitsandbytes (8 bits)',
    ],
    ['damaged: GPTQ', quantised({ quant_method: 'gptq', bits: 4 }), 'CHECKPOINT_QUANTISED', 'by GPTQ'],
    ['damaged: AWQ', quantised({ quant_method: 'awq' }), 'CHECKPOINT_QUANTISED', 'by AWQ'],
    ['damaged: FP8', quantised({ quant_method: 'fp8' }), 'CHECKPOINT_QUANTISED', 'by FP8'],
    [
      'damaged: compressed-tensors',
      quantised({ quant_method: 'compressed-tensors' }),
      'CHECKPOINT_QUANTISED',
      'by compressed-tensors',
    ],
    [
      'damaged: a quantiser of tomorrow in the text',
      config((c) => (c.text_config['quantization_config'] = { quant_method: 'new' })),
      'CHECKPOINT_QUANTISED',
      'by "new"',
    ],
    [
      'damaged: codes without a word in config.json',
      (folder) =>
        editTensors(folder, (tensors) => {
          const name = 'language_model.model.norm.weight';
          tensors.set(name, { dtype: 'U8', shape: [96], bytes: new Uint8Array(96) });
        }),
      'CHECKPOINT_QUANTISED',
      'language_model.model.norm.weight',
    ],
    [
      'an invalid key: ColPali',
      config((c) => (c['model_type'] = 'colpali')),
      'ARCHITECTURE_UNKNOWN',
      'ColPali',
    ],
    [
      'PaliGemma: ColPali on its base',
      config((c) => (c['architectures'] = ['ColPali'])),
      'ARCHITECTURE_UNKNOWN',
      'the class "ColPali"',
    ],
    [
      'an invalid key: Pi0',
      (folder) => writeFileSync(join(folder, 'config.json'), '{"model_type": "pi0", "vlm_config": {}}'),
      'ARCHITECTURE_UNKNOWN',
      'robots',
    ],
    [
      'an invalid key: LeRobot',
      (folder) => writeFileSync(join(folder, 'config.json'), '{"type": "pi0fast", "input_features": {}}'),
      'ARCHITECTURE_UNKNOWN',
      'LeRobot',
    ],
    [
      'an invalid key: Keras',
      (folder) =>
        writeFileSync(
          join(folder, 'config.json'),
          '{"module": "keras_hub.src.models.pali_gemma.pali_gemma_backbone", "class_name": "PaliGemmaBackbone"}',
        ),
      'ARCHITECTURE_UNKNOWN',
      'Keras',
    ],
    [
      'an invalid key: Gemma',
      (folder) => writeFileSync(join(folder, 'config.json'), '{"model_type": "gemma"}'),
      'ARCHITECTURE_UNKNOWN',
      'a language model that is not PaliGemma',
    ],
    [
      'an invalid key: Qwen',
      (folder) => writeFileSync(join(folder, 'config.json'), '{"model_type": "qwen2_5_vl"}'),
      'ARCHITECTURE_UNKNOWN',
      '(Qwen)',
    ],
    [
      'sound: another rotation',
      rope({ rope_type: 'dynamic', factor: 2 }),
      'CHECKPOINT_UNFIT',
      '"dynamic" scaling',
    ],
    [
      'sound: yarn under the old name',
      config((c) => (c.text_config['rope_scaling'] = { type: 'yarn', factor: 2 })),
      'CHECKPOINT_UNFIT',
      'rope_scaling asks for "yarn"',
    ],
    ['sound: linear without a factor', rope({ rope_type: 'linear' }), 'CHECKPOINT_UNFIT', 'no factor'],
    [
      'sound: heads that are rotated in part',
      config((c) => (c.text_config['partial_rotary_factor'] = 0.5)),
      'CHECKPOINT_UNFIT',
      'partial_rotary_factor',
    ],
    [
      'sound: a rotation for each kind of layer',
      rope({
        full_attention: { rope_type: 'default', rope_theta: 1e6 },
        sliding_attention: { rope_type: 'default', rope_theta: 1e4 },
      }),
      'CHECKPOINT_UNFIT',
      'each kind of layer',
    ],
    [
      'sound: a prompt read in one direction',
      config((c) => (c.text_config['use_bidirectional_attention'] = false)),
      'CHECKPOINT_UNFIT',
      'both directions',
    ],
    [
      'sound: an activation of its own',
      config((c) => (c.text_config['hidden_act'] = 'mish')),
      'CHECKPOINT_UNFIT',
      '"mish"',
    ],
    [
      'sound: two activations',
      config((c) => Object.assign(c.text_config, { hidden_act: 'relu', hidden_activation: 'silu' })),
      'CHECKPOINT_UNFIT',
      'hidden_act is "relu" and hidden_activation "silu"',
    ],
    [
      'sound: layer types of no layer',
      config((c) => {
        Object.assign(c.text_config, { model_type: 'gemma2', layer_types: ['full_attention'] });
      }),
      'CHECKPOINT_UNFIT',
      'layer_types names 1 layers of 3',
    ],
    ['sound: another filter', preprocessor({ resample: 2 }), 'CHECKPOINT_UNFIT', 'only 3 (bicubic)'],
    [
      'sound: pictures that are not resized',
      preprocessor({ do_resize: false }),
      'CHECKPOINT_UNFIT',
      'always resizes',
    ],
    ['sound: cut pictures', preprocessor({ do_center_crop: true }), 'CHECKPOINT_UNFIT', 'cropping'],
    [
      'sound: the shorter side',
      preprocessor({ size: { shortest_edge: 56 } }),
      'CHECKPOINT_UNFIT',
      'size.height',
    ],
    [
      'sound: another processor',
      preprocessor({ image_processor_type: 'CLIPImageProcessor' }),
      'CHECKPOINT_UNFIT',
      'image_processor_type',
    ],
    ['sound: a field of tomorrow', preprocessor({ do_sharpen: true }), 'CHECKPOINT_UNFIT', '"do_sharpen"'],
    [
      'sound: another number of tokens',
      preprocessor({ image_seq_length: 256 }),
      'CHECKPOINT_UNFIT',
      'it counts 256 tokens',
    ],
    ['sound: no deviation', preprocessor({ image_std: [0, 1, 1] }), 'CHECKPOINT_UNFIT', 'image_std'],
    [
      'sound: weights of another name',
      config((c) => (c['transformers_weights'] = 'other.safetensors')),
      'CHECKPOINT_UNFIT',
      'transformers_weights',
    ],
    ['surplus: torch.compile', rename('_orig_mod.'), 'CHECKPOINT_WRAPPED', 'torch.compile'],
    ['surplus: DataParallel', rename('module.'), 'CHECKPOINT_WRAPPED', 'DataParallel'],
    ['surplus: PEFT', rename('base_model.model.'), 'CHECKPOINT_WRAPPED', 'PEFT'],
    [
      'no weights: pytorch_model.bin',
      weights('pytorch_model.bin'),
      'CHECKPOINT_INCOMPLETE',
      'pytorch_model.bin',
    ],
    [
      'no weights: shards of it',
      weights('pytorch_model-00001-of-00002.bin'),
      'CHECKPOINT_INCOMPLETE',
      'pytorch_model.bin',
    ],
    ['no config.json: .gguf', only('paligemma-q4.gguf'), 'CHECKPOINT_INCOMPLETE', 'llama.cpp'],
    ['no config.json: .npz', only('paligemma-3b-pt-224.f16.npz'), 'CHECKPOINT_INCOMPLETE', 'big_vision'],
    [
      'no weights: onnx/',
      (folder) => {
        weights()(folder);
        mkdirSync(join(folder, 'onnx'));
      },
      'CHECKPOINT_INCOMPLETE',
      'ONNX files',
    ],
    ['no config.json: Keras', only('model.weights.h5', 'metadata.json'), 'CHECKPOINT_INCOMPLETE', 'Keras'],
    [
      'no weights: a variant',
      (folder) => {
        renameSync(join(folder, 'model.safetensors'), join(folder, 'model.fp16.safetensors'));
      },
      'CHECKPOINT_INCOMPLETE',
      'model.fp16.safetensors',
    ],
    [
      'no weights: DeepSpeed',
      weights('zero_to_fp32.py', 'latest'),
      'CHECKPOINT_INCOMPLETE',
      "training's own state",
    ],
    [
      'a bug: a thousand tokens never',
      (folder) =>
        editJson(
          folder,
          'generation_config.json',
          (all) => (all['suppress_tokens'] = [...Array(1000).keys()]),
        ),
      'CHECKPOINT_UNFIT',
      'suppress_tokens lists 1000 tokens',
    ],
    [
      'sound: repetitions made likelier',
      (folder) => editJson(folder, 'generation_config.json', (all) => (all['repetition_penalty'] = 0.5)),
      'CHECKPOINT_UNFIT',
      'repetition_penalty is 0.5',
    ],
  ])('%s', async (_, make, code, sentence) => {
    const error = await refusal(make);
    expect(error).toMatchObject({ code, exitCode: 4 });
    expect(error.message).toContain(sentence);
    expect(error.hint).toMatch(/\w/);
  });

  it('no checkpoint folder: a LoRA adapter, with the line to type', async () => {
    const error = await refusal((folder) => {
      rmSync(folder, { recursive: true });
      cpSync(fixturePath('adapters', 'lora'), folder, { recursive: true });
      editJson(
        folder,
        'adapter_config.json',
        (all) => (all['base_model_name_or_path'] = 'google/paligemma-3b-pt-224'),
      );
    });
    expect(error).toMatchObject({ code: 'ADAPTER_ALONE', exitCode: 4 });
    expect(error.message).toContain(
      'is a LoRA adapter, not a model. It was trained on google/paligemma-3b-pt-224.',
    );
    expect(error.hint).toMatch(/: pali pull google\/paligemma-3b-pt-224 --adapter \S+ --name NAME$/);
  });

  it('an adapter whose base is a path, without offering that path', async () => {
    const error = await refusal((folder) => {
      rmSync(folder, { recursive: true });
      cpSync(fixturePath('adapters', 'lora'), folder, { recursive: true });
      editJson(
        folder,
        'adapter_config.json',
        (all) => (all['base_model_name_or_path'] = '/home/me/$(rm x)/\u001b[2J'),
      );
    });
    expect(error.hint).toContain('pali import THE_BASE_MODELS_FOLDER --adapter');
    expect(error.message).not.toContain('\u001b');
  });

  it('the wrong base: a table that is longer than the head', async () => {
    const error = await refusal((folder) => {
      const copy = `${folder}-adapter`;
      cpSync(fixturePath('adapters', 'lora'), copy, { recursive: true });
      editJson(copy, 'adapter_config.json', (all) => (all['modules_to_save'] = ['embed_tokens']));
      editTensors(
        copy,
        (tensors) => {
          const name = 'base_model.model.model.language_model.embed_tokens.weight';
          tensors.set(name, { dtype: 'F32', shape: [2441, 96], bytes: new Uint8Array(2441 * 96 * 4) });
        },
        'adapter_model.safetensors',
      );
      return copy;
    });
    expect(error).toMatchObject({ code: 'ADAPTER_UNFIT' });
    expect(error.message).toContain('its table has 2441 rows and the output head 2432');
  });
});

describe.skipIf(process.platform === 'win32')('a checkpoint waits for no pipe and reads no device:', () => {
  const names = [
    'config.json',
    'generation_config.json',
    'preprocessor_config.json',
    'processor_config.json',
    'tokenizer.json',
    'tokenizer_config.json',
    'model.safetensors',
    'model.safetensors.index.json',
    'vae-oid.npz',
  ];
  it.each(names)('%s as a pipe', async (name) => {
    const error = await refusal((folder) => {
      rmSync(join(folder, name), { force: true });
      if (name.endsWith('.index.json')) rmSync(join(folder, 'model.safetensors'));
      execFileSync('mkfifo', [join(folder, name)]);
    });
    expect([3, 4, 6]).toContain(error.exitCode);
  });

  it.each(names)('%s as a link to a device', async (name) => {
    const error = await refusal((folder) => {
      rmSync(join(folder, name), { force: true });
      if (name.endsWith('.index.json')) rmSync(join(folder, 'model.safetensors'));
      symlinkSync('/dev/zero', join(folder, name));
    });
    expect([3, 4, 6]).toContain(error.exitCode);
  });
});
