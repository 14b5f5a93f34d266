import { readFile, stat } from 'node:fs/promises';
import { z } from 'zod';
import { ModelError } from '../base/errors.js';

/** Google's config.json files have 1 to 2 KB. */
const MAX_CONFIG_BYTES = 2 ** 20;
/** Above every size that a PaliGemma has (28B: 36,864; vocabulary 257,216); absurd numbers stop here. */
export const size = z.number().int().positive().max(1_000_000);
export const layers = z.number().int().positive().max(200);

/**
 * A configuration file's content.
 * @throws {ModelError} it is not there, too large, or not JSON.
 */
export async function readConfigFile(path: string): Promise<unknown> {
  const stats = await stat(path).catch(() => undefined);
  if (!stats?.isFile()) {
    throw new ModelError('CHECKPOINT_INCOMPLETE', `${path} is missing, so this is not a checkpoint folder.`, {
      hint: 'Point to the folder that holds config.json, tokenizer.json and the safetensors files.',
    });
  }
  if (stats.size > MAX_CONFIG_BYTES) throw unfit(path, `it has ${stats.size} bytes`);
  try {
    return JSON.parse(await readFile(path, 'utf8')) as unknown;
  } catch {
    throw unfit(path, 'it is not JSON');
  }
}

/**
 * A part of a configuration file, held against what it must be; missing fields take the schema's defaults.
 * @param section where in the file it is, for the message.
 * @throws {ModelError} it is something else; the sentence names the field.
 */
export function parseSection<T extends z.ZodType>(
  schema: T,
  value: unknown,
  path: string,
  section?: string,
): z.infer<T> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const field = [section, ...(issue?.path ?? [])].filter((part) => part !== undefined).join('.');
  throw unfit(path, `${field || 'the file'}: ${issue?.message ?? 'wrong value'}`);
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
