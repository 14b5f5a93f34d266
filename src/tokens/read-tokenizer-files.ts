import { join } from 'node:path';
import * as v from 'valibot';
import { DamagedFileError, ModelError } from '../base/errors.js';
import { isUnread, readRegularFile } from '../base/files/read-regular-file.js';
import { parseJsonAsPython } from '../base/files/parse-json-as-python.js';
import { stripControl } from '../base/strip-control.js';

/** Largest tokenizer file that is read; PaliGemma's tokenizer.json has 17 to 35 MB. */
const MAX_FILE_BYTES = 128 * 2 ** 20;

/** The decoder of every Gemma tokenizer; token-table and decode-pieces follow it. */
const decoderSchema = v.object({
  type: v.literal('Sequence'),
  decoders: v.strictTuple([
    v.object({
      type: v.literal('Replace'),
      pattern: v.object({ String: v.literal('\u2581') }),
      content: v.literal(' '),
    }),
    v.object({ type: v.literal('ByteFallback') }),
    v.object({ type: v.literal('Fuse') }),
  ]),
});

/** The only thing that Gemma does to a text before it is cut; Python writes it alone or as a sequence of one. */
const replaceSpaces = v.strictObject({
  type: v.literal('Replace'),
  pattern: v.strictObject({ String: v.literal(' ') }),
  content: v.literal('\u2581'),
});
const normalizerSchema = v.union([
  replaceSpaces,
  v.strictObject({ type: v.literal('Sequence'), normalizers: v.strictTuple([replaceSpaces]) }),
]);
/** Gemma's, which finds no spaces any more; older files have none. */
const preTokenizerSchema = v.nullish(
  v.strictObject({
    type: v.literal('Split'),
    pattern: v.strictObject({ String: v.literal(' ') }),
    behavior: v.literal('MergedWithPrevious'),
    invert: v.literal(false),
  }),
);

/**
 * Of the two large parts, 256,000 tokens and 580,000 merges, only the kind is checked here; token-table checks the
 * ids, as it goes through them anyway.
 */
const vocabularySchema = v.custom<Readonly<Record<string, number>>>(
  (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
);
const mergesSchema = v.custom<readonly unknown[]>(Array.isArray);

const tokenizerSchema = v.looseObject({
  model: v.looseObject({ type: v.string(), vocab: vocabularySchema, merges: mergesSchema }),
  added_tokens: v.array(
    v.looseObject({ id: v.pipe(v.number(), v.safeInteger()), content: v.string(), special: v.boolean() }),
  ),
  decoder: v.optional(v.unknown()),
  normalizer: v.optional(v.unknown()),
  pre_tokenizer: v.optional(v.unknown()),
});

const tokenName = v.nullish(v.union([v.string(), v.looseObject({ content: v.string() })]));
const configSchema = v.looseObject({ pad_token: tokenName, bos_token: tokenName, eos_token: tokenName });

/** The two files of a checkpoint's tokenizer, their shape checked. */
export interface TokenizerFiles {
  readonly tokenizer: v.InferOutput<typeof tokenizerSchema>;
  readonly config: v.InferOutput<typeof configSchema>;
}

/**
 * Read tokenizer.json and tokenizer_config.json.
 * @throws {ModelError} one is missing, or it is a tokenizer of another kind. {DamagedFileError} one is too large,
 * not JSON or not a tokenizer.
 */
export async function readTokenizerFiles(folder: string): Promise<TokenizerFiles> {
  // One after the other: what is wrong with the first is said first.
  const tokenizer = await readJson(folder, 'tokenizer.json', tokenizerSchema);
  const config = await readJson(folder, 'tokenizer_config.json', configSchema);
  if (tokenizer.model.type !== 'BPE' || !v.is(decoderSchema, tokenizer.decoder)) {
    throw new ModelError(
      'TOKENIZER_UNSUPPORTED',
      `The tokenizer in ${stripControl(folder)} is not of Gemma's kind.`,
      { hint: 'Only PaliGemma and PaliGemma 2 checkpoints are supported.' },
    );
  }
  // Any other could be made to take for ever, or to make gigabytes of a word.
  refuseOther('normalizer', normalizerSchema, tokenizer.normalizer, folder);
  refuseOther('pre_tokenizer', preTokenizerSchema, tokenizer.pre_tokenizer, folder);
  const { model } = tokenizer;
  const isOther = ['continuing_subword_prefix', 'end_of_word_suffix', 'dropout'].find((name) => model[name]);
  if (isOther !== undefined) throw unsupported(folder, `it has a ${isOther}`);
  return { tokenizer, config };
}

async function readJson<T>(folder: string, name: string, schema: v.GenericSchema<unknown, T>): Promise<T> {
  const path = join(folder, name);
  const shown = stripControl(path);
  const damaged = (what: string, cause?: unknown): DamagedFileError =>
    new DamagedFileError('TOKENIZER_DAMAGED', `${shown} ${what}.`, {
      hint: 'Get the file again, from the checkpoint that the model was made of.',
      cause,
    });
  const content = await readRegularFile(path, MAX_FILE_BYTES);
  if (isUnread(content)) {
    if (content.reason === 'size') {
      throw damaged(`has ${content.sizeBytes} bytes; a tokenizer has at most ${MAX_FILE_BYTES}`);
    }
    if (content.reason === 'irregular') throw damaged('is not a regular file');
    throw new ModelError('TOKENIZER_MISSING', `The model has no readable ${name}: ${shown}.`, {
      hint: 'The folder must hold the tokenizer files of a PaliGemma checkpoint.',
      cause: content.cause,
    });
  }
  let json: unknown;
  try {
    json = parseJsonAsPython(content.toString('utf8'));
  } catch (error) {
    throw damaged('is not valid JSON', error);
  }
  const parsed = v.safeParse(schema, json);
  if (!parsed.success) throw damaged('is not a tokenizer file', new v.ValiError(parsed.issues));
  return parsed.output;
}

function refuseOther(
  name: string,
  schema: v.GenericSchema<unknown, unknown>,
  value: unknown,
  folder: string,
): void {
  if (v.is(schema, value)) return;
  const type = v.safeParse(v.object({ type: v.string() }), value);
  const title = type.success ? `'${stripControl(type.output.type).slice(0, 60)}'` : 'none';
  throw unsupported(folder, `its ${name} is ${title} and not the one of Gemma`);
}

function unsupported(folder: string, why: string): ModelError {
  return new ModelError(
    'TOKENIZER_UNSUPPORTED',
    `The tokenizer in ${stripControl(folder)} is not of Gemma's kind: ${why}.`,
    { hint: 'Only PaliGemma and PaliGemma 2 checkpoints are supported.' },
  );
}
