import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { DamagedFileError, ModelError } from '../base/errors.js';
import { stripControl } from '../base/strip-control.js';

/** Largest tokenizer file that is read; PaliGemma's tokenizer.json has 17 to 35 MB. */
const MAX_FILE_BYTES = 128 * 2 ** 20;

/** The decoder of every Gemma tokenizer; token-table and decode-pieces follow it. */
const decoderSchema = z.object({
  type: z.literal('Sequence'),
  decoders: z.tuple([
    z.object({
      type: z.literal('Replace'),
      pattern: z.object({ String: z.literal('\u2581') }),
      content: z.literal(' '),
    }),
    z.object({ type: z.literal('ByteFallback') }),
    z.object({ type: z.literal('Fuse') }),
  ]),
});

/** The two large parts are checked in place: copying 256,000 tokens and 580,000 merges would cost a second. */
const vocabularySchema = z.custom<Readonly<Record<string, number>>>(
  (value) => typeof value === 'object' && value !== null && Object.values(value).every(Number.isInteger),
);
const mergesSchema = z.custom<readonly unknown[]>(Array.isArray);

const tokenizerSchema = z.looseObject({
  model: z.looseObject({ type: z.string(), vocab: vocabularySchema, merges: mergesSchema }),
  added_tokens: z.array(z.looseObject({ id: z.int(), content: z.string(), special: z.boolean() })),
  decoder: z.unknown(),
});

const tokenName = z.union([z.string(), z.looseObject({ content: z.string() })]).nullish();
const configSchema = z.looseObject({ pad_token: tokenName, bos_token: tokenName, eos_token: tokenName });

/** The two files of a checkpoint's tokenizer, their shape checked. */
export interface TokenizerFiles {
  readonly tokenizer: z.infer<typeof tokenizerSchema>;
  readonly config: z.infer<typeof configSchema>;
}

/**
 * Read tokenizer.json and tokenizer_config.json.
 * @throws {ModelError} one is missing, or it is a tokenizer of another kind. {DamagedFileError} one is too large,
 * not JSON or not a tokenizer.
 */
export async function readTokenizerFiles(folder: string): Promise<TokenizerFiles> {
  const [tokenizer, config] = await Promise.all([
    readJson(folder, 'tokenizer.json', tokenizerSchema),
    readJson(folder, 'tokenizer_config.json', configSchema),
  ]);
  if (tokenizer.model.type !== 'BPE' || !decoderSchema.safeParse(tokenizer.decoder).success) {
    throw new ModelError(
      'TOKENIZER_UNSUPPORTED',
      `The tokenizer in ${stripControl(folder)} is not of Gemma's kind.`,
      { hint: 'Only PaliGemma and PaliGemma 2 checkpoints are supported.' },
    );
  }
  return { tokenizer, config };
}

async function readJson<T>(folder: string, name: string, schema: z.ZodType<T>): Promise<T> {
  const path = join(folder, name);
  const shown = stripControl(path);
  const damaged = (what: string, cause?: unknown): DamagedFileError =>
    new DamagedFileError('TOKENIZER_DAMAGED', `${shown} ${what}.`, {
      hint: 'Get the file again, from the checkpoint that the model was made of.',
      cause,
    });
  let text: string;
  try {
    const { size } = await stat(path);
    if (size > MAX_FILE_BYTES) {
      throw damaged(`has ${size} bytes; a tokenizer has at most ${MAX_FILE_BYTES}`);
    }
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof DamagedFileError) throw error;
    throw new ModelError('TOKENIZER_MISSING', `The model has no readable ${name}: ${shown}.`, {
      hint: 'The folder must hold the tokenizer files of a PaliGemma checkpoint.',
      cause: error,
    });
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw damaged('is not valid JSON', error);
  }
  const parsed = schema.safeParse(json);
  if (!parsed.success) throw damaged('is not a tokenizer file', parsed.error);
  return parsed.data;
}
