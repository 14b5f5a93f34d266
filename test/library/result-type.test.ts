import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import type { DetectionObject, ResultObject, TokenObject } from '../../src/render/formats/result-object.js';

interface ObjectSchema {
  readonly required?: readonly string[];
  readonly properties: Readonly<Record<string, ObjectSchema & { readonly items?: ObjectSchema }>>;
}
const schema = JSON.parse(readFileSync('docs/result.schema.json', 'utf8')) as ObjectSchema & {
  readonly $defs: Readonly<Record<string, ObjectSchema>>;
};

/** The compiler asks for every field, and for the right word. */
type Fields<T> = { readonly [Name in keyof Required<T>]: undefined extends T[Name] ? 'optional' : 'always' };

const result: Fields<ResultObject> = {
  schemaVersion: 'always',
  input: 'always',
  task: 'always',
  prompt: 'always',
  model: 'optional',
  image: 'optional',
  text: 'optional',
  raw: 'optional',
  truncated: 'optional',
  detections: 'optional',
  rejected: 'optional',
  frame: 'optional',
  tokens: 'optional',
  timings: 'optional',
  error: 'optional',
};
const frame: Fields<NonNullable<ResultObject['frame']>> = {
  index: 'always',
  timeSeconds: 'always',
  endSeconds: 'always',
  trackIds: 'optional',
  startSeconds: 'optional',
  sameAs: 'optional',
  dropped: 'optional',
};
const detection: Fields<DetectionObject> = {
  label: 'always',
  score: 'always',
  boxScore: 'always',
  box: 'always',
  bins: 'always',
  mask: 'optional',
};
const token: Fields<TokenObject> = { id: 'always', text: 'always', logprob: 'always', top: 'optional' };
const error: Fields<NonNullable<ResultObject['error']>> = {
  code: 'always',
  message: 'always',
  hint: 'optional',
};

/** Fields of the files that pali eval and --resume keep; no other result has them. */
const OF_FILES = ['example', 'truth', 'options'];

it.each([
  ['result', result, schema],
  ['frame', frame, schema.properties['frame']],
  ['detection', detection, schema.$defs['detection']],
  ['token', token, schema.properties['tokens'].items!],
  ['error', error, schema.properties['error']],
])('the type of a %s has the fields of docs/result.schema.json', (_, fields, { properties, required }) => {
  const always = Object.entries<string>(fields).filter(([, word]) => word === 'always');
  const written = Object.keys(properties).filter((name) => !OF_FILES.includes(name));
  expect(Object.keys(fields).sort()).toEqual(written.sort());
  expect(always.map(([name]) => name).sort()).toEqual([...(required ?? [])].sort());
});
