import { copyFileSync, cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fixturePath } from '../../../fixtures/index.js';
import { readConfig } from '../../../src/weights/checkpoint/read-config.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const root = temporaryFolder();
let count = 0;

type Section = Record<string, unknown>;
interface ConfigFile extends Section {
  text_config: Section;
  vision_config: Section;
}

/** A folder with a checkpoint's two configuration files, changed. */
function changed(
  change: (config: ConfigFile, preprocessor: Section) => unknown,
  checkpoint = 'pg1-tiny',
): string {
  const folder = join(root, `config-${count++}`);
  mkdirSync(folder);
  const read = (name: string): Section =>
    JSON.parse(readFileSync(fixturePath('checkpoints', `${checkpoint}/${name}`), 'utf8')) as Section;
  const config = read('config.json') as ConfigFile;
  const preprocessor = read('preprocessor_config.json');
  change(config, preprocessor);
  writeFileSync(join(folder, 'config.json'), JSON.stringify(config));
  writeFileSync(join(folder, 'preprocessor_config.json'), JSON.stringify(preprocessor));
  return folder;
}

describe('readConfig', () => {
  it('reads PaliGemma 1 from a sparse file', async () => {
    const config = await readConfig(fixturePath('checkpoints', 'pg1-tiny'));
    expect(config).toMatchObject({
      family: 'paligemma',
      isHeadTied: true,
      vision: { imageSize: 56, patchSize: 14, hiddenSize: 72, intermediateSize: 141, heads: 2 },
      text: { hiddenSize: 96, layers: 3, heads: 4, keyValueHeads: 1, headDim: 16, vocabSize: 2432 },
    });
    expect(config.text).toMatchObject({ rmsNormEps: 1e-6, ropeTheta: 10_000, attentionScale: 16 ** -0.5 });
    expect(config.text).not.toHaveProperty('attentionSoftCap');
    expect(config.text).not.toHaveProperty('slidingWindow');
  });

  it('reads PaliGemma 2 with its caps, scale and window', async () => {
    const config = await readConfig(fixturePath('checkpoints', 'pg2-tiny'));
    expect(config).toMatchObject({
      family: 'paligemma2',
      text: {
        hiddenSize: 96,
        headDim: 32,
        attentionScale: 24 ** -0.5,
        attentionSoftCap: 50,
        logitSoftCap: 30,
        slidingWindow: 24,
      },
    });
  });

  it('reads the same from a complete file and from the sparse one that means the same', async () => {
    const complete = await readConfig(fixturePath('checkpoints', 'pg1-bf16-sharded'));
    const folder = join(root, 'minimal');
    cpSync(fixturePath('checkpoints', 'pg1-bf16-sharded'), folder, { recursive: true });
    copyFileSync(join(folder, 'config.minimal.json'), join(folder, 'config.json'));
    expect(await readConfig(folder)).toEqual(complete);
    expect(complete.text.headDim).toBe(256);
  });

  it('takes the rotary base from either place', async () => {
    const own = changed((config) => (config.text_config.rope_theta = 5000));
    const version5 = changed((config) => (config.text_config.rope_parameters = { rope_theta: 7000 }));
    expect((await readConfig(own)).text.ropeTheta).toBe(5000);
    expect((await readConfig(version5)).text.ropeTheta).toBe(7000);
  });

  it('does without caps and a window when they are null', async () => {
    const folder = changed(({ text_config: text }) => {
      text.attn_logit_softcapping = null;
      text.final_logit_softcapping = null;
      text.sliding_window = null;
    }, 'pg2-tiny');
    const { text } = await readConfig(folder);
    for (const field of ['attentionSoftCap', 'logitSoftCap', 'slidingWindow']) {
      expect(text).not.toHaveProperty(field);
    }
  });

  it('does without a preprocessor file', async () => {
    const folder = changed(() => undefined);
    rmSync(join(folder, 'preprocessor_config.json'));
    await expect(readConfig(folder)).resolves.toBeDefined();
  });

  it.each<[string, (config: ConfigFile, preprocessor: Section) => unknown, string, string]>([
    ['another architecture', (c) => (c.model_type = 'llava'), 'ARCHITECTURE_UNKNOWN', '"llava"'],
    ['no architecture', (c) => delete c.model_type, 'ARCHITECTURE_UNKNOWN', 'none'],
    [
      'an architecture that moves the cursor',
      (c) => (c.model_type = '\u009b2J\u001b[2J'),
      'ARCHITECTURE_UNKNOWN',
      'pali runs paligemma',
    ],
    ['another language model', (c) => (c.text_config.model_type = 'llama'), 'CHECKPOINT_UNFIT', '"llama"'],
    ['another vision tower', (c) => (c.vision_config.model_type = 'clip'), 'CHECKPOINT_UNFIT', '"clip"'],
    ['no text section', (c) => delete (c as Section).text_config, 'CHECKPOINT_UNFIT', 'text_config'],
    ['a list as text section', (c) => (c.text_config = [] as never), 'CHECKPOINT_UNFIT', 'text_config'],
    [
      'an absurd width',
      (c) => (c.text_config.hidden_size = 1e9),
      'CHECKPOINT_UNFIT',
      'text_config.hidden_size',
    ],
    [
      'a width of 0',
      (c) => (c.vision_config.hidden_size = 0),
      'CHECKPOINT_UNFIT',
      'vision_config.hidden_size',
    ],
    ['a width in text', (c) => (c.text_config.hidden_size = '96'), 'CHECKPOINT_UNFIT', 'hidden_size'],
    ['a fraction', (c) => (c.text_config.num_hidden_layers = 2.5), 'CHECKPOINT_UNFIT', 'num_hidden_layers'],
    [
      'a width in text that moves the cursor',
      (c) => (c.text_config.hidden_size = '\u001b[2J'),
      'CHECKPOINT_UNFIT',
      'text_config.hidden_size',
    ],
    [
      'a list as rotary base',
      (c) => (c.text_config.rope_parameters = []),
      'CHECKPOINT_UNFIT',
      'rope_parameters',
    ],
    ['a million layers', (c) => (c.text_config.num_hidden_layers = 1e6), 'CHECKPOINT_UNFIT', 'layers'],
    ['an odd head size', (c) => (c.text_config.head_dim = 15), 'CHECKPOINT_UNFIT', 'head_dim 15 is odd'],
    ['an enormous picture', (c) => (c.vision_config.image_size = 1e5), 'CHECKPOINT_UNFIT', 'image_size'],
    [
      'heads that share no keys',
      (c) => (c.text_config.num_key_value_heads = 3),
      'CHECKPOINT_UNFIT',
      '4 heads do not share 3 key-value heads',
    ],
    [
      'vision heads that do not divide',
      (c) => (c.vision_config.num_attention_heads = 5),
      'CHECKPOINT_UNFIT',
      'vision width 72 does not divide into 5 heads',
    ],
    [
      'pictures of another size',
      (_, p) => (p.size = { height: 224, width: 224 }),
      'CHECKPOINT_UNFIT',
      'it asks for pictures of 224 x 224, config.json for 56 pixels a side',
    ],
    ['a bilinear resize', (_, p) => (p.resample = 2), 'CHECKPOINT_UNFIT', 'resample'],
  ])('refuses %s', async (_, change, code, sentence) => {
    const read = readConfig(changed(change));
    await expect(read).rejects.toMatchObject({ code, exitCode: 4 });
    await expect(read).rejects.toThrow(sentence);
    // Whatever the file says, a message is one line of printable text.
    await expect(read).rejects.toThrow(/^[\x20-\x7e]+$/);
  });

  it('refuses files that are missing, no JSON or too large', async () => {
    const folder = changed(() => undefined);
    await expect(readConfig(join(root, 'nowhere'))).rejects.toMatchObject({ code: 'CHECKPOINT_INCOMPLETE' });
    writeFileSync(join(folder, 'preprocessor_config.json'), '{');
    await expect(readConfig(folder)).rejects.toThrow('it is not JSON');
    writeFileSync(join(folder, 'config.json'), ' '.repeat(2 ** 20 + 1));
    await expect(readConfig(folder)).rejects.toThrow('it has 1048577 bytes');
  });
});
