import * as v from 'valibot';
import { describeIssue } from '../../base/describe-issue.js';
import { serverLineSchema, type ServerLine } from './contract.js';
import { ServerFailure } from './server-errors.js';

/** A line of a server's answer. @throws {ServerFailure} it is none of pali's. */
export function parseServerLine(text: string, server: string): ServerLine {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new ServerFailure('SERVER_PROTOCOL', server, 'sends something other than JSON');
  }
  const parsed = v.safeParse(serverLineSchema, value);
  if (parsed.success) return parsed.output;
  throw new ServerFailure(
    'SERVER_PROTOCOL',
    server,
    `sends a line that is not understood: ${describeIssue(parsed.issues[0])}`,
  );
}
