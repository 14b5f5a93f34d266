import type { IncomingMessage } from 'node:http';
import * as v from 'valibot';
import { readBody } from './http-client.js';
import { ServerFailure } from './server-errors.js';

/** Why a server did not take a request: its own sentence, where it is one of ours. */
export async function describeRefusal(response: IncomingMessage, server: string): Promise<ServerFailure> {
  const retryAfter = Number(response.headers['retry-after'] ?? NaN);
  const text = (await readBody(response, server)).toString('utf8');
  const errorSchema = v.object({ error: v.object({ message: v.string(), code: v.string() }) });
  let why = `answered ${response.statusCode}`;
  let code = 'SERVER_REFUSED';
  try {
    const { error } = v.parse(errorSchema, JSON.parse(text));
    why = `refuses: ${endless(error.message)}`;
    code = error.code;
  } catch {
    // It is another program; the status is all there is to say.
  }
  return new ServerFailure(code, server, why, retryAfter >= 0 ? { retryAfterMs: retryAfter * 1000 } : {});
}

/** A sentence without its stop. */
export function endless(sentence: string): string {
  return sentence.slice(0, 500).replace(/\.$/, '');
}
