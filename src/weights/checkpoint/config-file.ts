import * as v from 'valibot';
import { describeIssue } from '../../base/describe-issue.js';
import { ModelError } from '../../base/errors.js';
import { describeUnread, isUnread, readRegularFile } from '../../base/files/read-regular-file.js';
import { parseJsonAsPython } from '../../base/files/parse-json-as-python.js';

/** Google's config.json files have 1 to 2 KB. */
const MAX_CONFIG_BYTES = 2 ** 20;

/** A whole number, 1 to `most`. */
export function countUpTo(most: number): v.GenericSchema<unknown, number> {
  return v.pipe(v.number(), v.safeInteger(), v.minValue(1), v.maxValue(most));
}

/** Above every size that a PaliGemma has (28B: 36,864; vocabulary 257,216); absurd numbers stop here. */
export const size = countUpTo(1_000_000);
export const layers = countUpTo(200);
/** JSON's 1e999 is infinite. */
export const finite = v.pipe(v.number(), v.finite());
export const positive = v.pipe(finite, v.gtValue(0));

/** A JSON object; valibot's own schemas accept arrays as objects, too. */
export const plainObject = v.custom<Record<string, unknown>>(
  (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
  'Expected an object',
);

/** An object whose fields are all of one kind. */
export function mapOf<T>(values: v.GenericSchema<unknown, T>): v.GenericSchema<unknown, Record<string, T>> {
  return v.pipe(plainObject, v.record(v.string(), values));
}

/**
 * A configuration file's content.
 * @throws {ModelError} it is not there, too large, or not JSON.
 */
export async function readConfigFile(path: string): Promise<unknown> {
  const content = await readRegularFile(path, MAX_CONFIG_BYTES);
  if (isUnread(content)) {
    if (content.reason !== 'missing') throw unfit(path, describeUnread(content));
    throw new ModelError('CHECKPOINT_INCOMPLETE', `${path} is missing, so this is not a checkpoint folder.`, {
      hint: 'Point to the folder that holds config.json, tokenizer.json and the safetensors files.',
    });
  }
  try {
    return parseJsonAsPython(content.toString('utf8'));
  } catch {
    throw unfit(path, 'it is not JSON');
  }
}

/**
 * A part of a configuration file, checked against a schema; missing fields take the schema's defaults.
 * @param section where in the file it is, for the message.
 * @throws {ModelError} it is something else; the sentence names the field.
 */
export function parseSection<T>(
  schema: v.GenericSchema<unknown, T>,
  value: unknown,
  path: string,
  section?: string,
): T {
  if (!v.is(plainObject, value)) throw unfit(path, `${section ?? 'the file'} is not an object`);
  const parsed = v.safeParse(schema, value, { abortEarly: true });
  if (parsed.success) return parsed.output;
  throw unfit(path, describeIssue(parsed.issues[0], section));
}

/** A value from the file, fit for a message. */
export function quote(value: unknown): string {
  return JSON.stringify(value)
    .replace(/[^\x20-\x7e]/g, '?')
    .slice(0, 60);
}

/** The error for a configuration that no PaliGemma has. */
export function unfit(path: string, why: string): ModelError {
  return new ModelError(
    'CHECKPOINT_UNFIT',
    `${path} does not describe a PaliGemma that pali can run: ${why}.`,
    {
      hint: 'Compare the file with the one of the original checkpoint.',
    },
  );
}
