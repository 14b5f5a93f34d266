import { join } from 'node:path';
import * as v from 'valibot';
import {
  type GenerationRules,
  generationRulesSchema,
  MAX_SUPPRESSED,
} from '../../base/model-files/generation-rules.js';
import { parseSection, plainObject, quote, readConfigFile, unfit } from './config-file.js';
import { readConfigFileIfThere } from './read-config-file-if-there.js';

/** More than any model has. */
const MAX_ENDS = 64;

const id = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const natural = id;
const idList = v.nullish(v.array(id));
const endsSchema = v.looseObject({
  eos_token_id: v.nullish(v.union([id, v.pipe(v.array(id), v.maxLength(MAX_ENDS))])),
});
const rulesSchema = v.object({
  repetition_penalty: v.nullish(v.pipe(v.number(), v.finite())),
  no_repeat_ngram_size: v.nullish(natural),
  suppress_tokens: idList,
  begin_suppress_tokens: idList,
  bad_words_ids: v.nullish(v.array(v.array(id))),
  min_new_tokens: v.nullish(natural),
  min_length: v.nullish(natural),
});

/**
 * Fields of generation_config.json that would change greedy answers and that pali leaves out, with their values for
 * none. All others have no effect on them: do_sample, temperature, top_k, top_p and their relatives, because
 * `--temperature` decides whether tokens are drawn; max_length and max_new_tokens, because every task has its limit;
 * length_penalty and early_stopping, which belong to beams; ids of <bos> and <pad>; caches, outputs, versions.
 */
const LEFT_OUT: Readonly<Record<string, readonly unknown[]>> = {
  num_beams: [1],
  num_beam_groups: [1],
  penalty_alpha: [0],
  dola_layers: [],
  guidance_scale: [1],
  sequence_bias: [],
  constraints: [],
  force_words_ids: [],
  forced_bos_token_id: [],
  forced_eos_token_id: [],
  forced_decoder_ids: [],
  exponential_decay_length_penalty: [],
  encoder_repetition_penalty: [1],
  encoder_no_repeat_ngram_size: [0],
  diversity_penalty: [0],
  stop_strings: [],
};

/** What a checkpoint says about answering. */
export interface GenerationSettings {
  /**
   * The tokens that end an answer, of which there may be several: `eos_token_id` of generation_config.json, else of
   * config.json, else of its text_config, as transformers looks for it; empty where none says anything.
   */
  readonly endIds: readonly number[];
  /** Absent where nothing is forbidden. */
  readonly rules?: GenerationRules;
  /** `name=value` of what pali does not do. */
  readonly leftOut: readonly string[];
}

/**
 * Read generation_config.json, and where it is silent about ends config.json.
 * @param folder a checkpoint's.
 * @throws {ModelError} a field holds something else than it must, or more than can be done.
 */
export async function readGeneration(folder: string): Promise<GenerationSettings> {
  const path = join(folder, 'generation_config.json');
  const file = parseSection(plainObject, (await readConfigFileIfThere(path)) ?? {}, path);
  const rules = readRules(file, path);
  const leftOut = Object.entries(LEFT_OUT).flatMap(([name, none]) => {
    const value = file[name];
    const isOff = value === undefined || value === null || value === false || none.includes(value);
    return isOff ? [] : [`${name}=${quote(value)}`];
  });
  return { endIds: await readEndIds(folder, file, path), leftOut, ...(rules && { rules }) };
}

async function readEndIds(folder: string, file: unknown, filePath: string): Promise<number[]> {
  const configPath = join(folder, 'config.json');
  const config = parseSection(endsSchema, await readConfigFile(configPath), configPath);
  const places: readonly [unknown, string, string?][] = [
    [file, filePath],
    [config, configPath],
    [config['text_config'] ?? {}, configPath, 'text_config'],
  ];
  for (const [value, path, section] of places) {
    const { eos_token_id: ids } = parseSection(endsSchema, value, path, section);
    if (ids !== undefined && ids !== null) return [...new Set([ids].flat())];
  }
  return [];
}

function readRules(file: Record<string, unknown>, path: string): GenerationRules | undefined {
  const fields = parseSection(rulesSchema, file, path);
  const penalty = fields.repetition_penalty ?? 1;
  if (penalty < 1) {
    throw unfit(
      path,
      `repetition_penalty is ${quote(penalty)}; pali knows those that make repetitions rarer`,
    );
  }
  for (const name of ['suppress_tokens', 'begin_suppress_tokens'] as const) {
    const length = fields[name]?.length ?? 0;
    if (length > MAX_SUPPRESSED) {
      throw unfit(path, `${name} lists ${length} tokens, and pali can leave out ${MAX_SUPPRESSED}`);
    }
  }
  const given = {
    ...(penalty > 1 && { repetitionPenalty: penalty }),
    ...(fields.no_repeat_ngram_size && { noRepeatNgramSize: fields.no_repeat_ngram_size }),
    ...(fields.suppress_tokens?.length && { suppressTokens: fields.suppress_tokens }),
    ...(fields.begin_suppress_tokens?.length && { beginSuppressTokens: fields.begin_suppress_tokens }),
    ...(fields.bad_words_ids?.length && { badWords: fields.bad_words_ids }),
    ...(fields.min_new_tokens && { minNewTokens: fields.min_new_tokens }),
    ...(fields.min_length && { minLength: fields.min_length }),
  };
  return Object.keys(given).length === 0 ? undefined : parseSection(generationRulesSchema, given, path);
}
