import * as v from 'valibot';

/** Longest description, characters. */
const MAX_LENGTH = 200;

/**
 * Where a value differs from its schema, and how: `text_config.head_dim: Invalid type: Expected number but received
 * "x"`. Values and names come from outside: anything but printable ASCII becomes `?`, and long ones are cut.
 *
 * @param section where in its file the value is.
 */
export function describeIssue(issue: v.BaseIssue<unknown>, section?: string): string {
  const field = [section, v.getDotPath(issue)].filter((part) => typeof part === 'string').join('.');
  return `${field && `${field}: `}${issue.message}`.replace(/[^\x20-\x7e]/g, '?').slice(0, MAX_LENGTH);
}
