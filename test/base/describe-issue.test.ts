import * as v from 'valibot';
import { expect, it } from 'vitest';
import { describeIssue } from '../../src/base/describe-issue.js';

const schema = v.object({ text: v.object({ size: v.pipe(v.number(), v.maxValue(9)) }) });

function describe(value: unknown, section?: string): string {
  return describeIssue(v.safeParse(schema, value).issues![0], section);
}

it.each([
  [{ text: { size: 10 } }, 'text.size: Invalid value: Expected <=9 but received 10'],
  [{ text: {} }, 'text.size: Invalid key: Expected "size" but received undefined'],
  [null, 'Invalid type: Expected Object but received null'],
])('says where and what: %j', (value, sentence) => {
  expect(describe(value)).toBe(sentence);
});

it('says in which section', () => {
  expect(describe({}, 'config')).toMatch(/^config\.text: /);
  expect(describe(null, 'config')).toMatch(/^config: /);
});

it('repeats neither control characters nor much of a long value', () => {
  expect(describe({ text: { size: `\u001b[2J\u009b\n${'x'.repeat(100_000)}` } })).toMatch(
    /^[\x20-\x7e]{1,200}$/,
  );
  const keyed = v.safeParse(v.record(v.string(), v.number()), { '\u001b[2J': 'x' });
  expect(describeIssue(keyed.issues![0])).toMatch(/^\?\[2J: /);
});
