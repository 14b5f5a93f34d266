import type { Context } from 'hono';
import * as v from 'valibot';
import { HttpError, badRequest } from './http-error.js';
import type { ServeEnv } from './serve-context.js';

/**
 * The body as an object; null fields are left out, since clients write null for what they do not set.
 * @throws {HttpError} it is not JSON, or not an object.
 */
export async function readJson(c: Context<ServeEnv>): Promise<Record<string, unknown>> {
  const text = await c.req.text();
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new HttpError(400, 'INVALID_JSON', text === '' ? 'The body is empty.' : 'The body is not JSON.', {
      hint: 'Send it with: Content-Type: application/json',
    });
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new HttpError(400, 'INVALID_JSON', 'The body is JSON, but not an object.');
  }
  return Object.fromEntries(Object.entries(value).filter(([, field]) => field !== null));
}

/** @throws {HttpError} the value does not match the schema: names the field and says why. */
export function checkFields<T>(schema: v.GenericSchema<unknown, T>, value: unknown): T {
  const parsed = v.safeParse(schema, value);
  if (parsed.success) return parsed.output;
  const [issue] = parsed.issues;
  const field = v.getDotPath(issue) ?? undefined;
  const message = issue.message.replace(/[^\x20-\x7e]/g, '?').slice(0, 200);
  throw badRequest(field === undefined ? `${message}.` : `${field}: ${message}.`, field);
}
