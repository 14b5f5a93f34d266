import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { deviceNames, dtypes } from '../../../src/base/dtype.js';
import { EngineError } from '../../../src/base/errors.js';
import { taskNames } from '../../../src/base/task-name.js';
import { createJsonlRenderer } from '../../../src/render/formats/json.js';
import type { RunOptions } from '../../../src/tasks/inputs/run-options.js';
import { runTask } from '../../../src/tasks/run-task.js';
import type { Task } from '../../../src/tasks/prompts/task.js';
import { FakeEngine } from '../../support/fake-engine.js';

interface ResultSchema {
  properties: {
    task: { enum: string[] };
    model: { properties: { dtype: { enum: string[] }; device: { enum: string[] } } };
  };
}

const schema = JSON.parse(readFileSync('docs/result.schema.json', 'utf8')) as ResultSchema;
const validate = new Ajv2020({ strict: true, strictRequired: false, allErrors: true }).compile(schema);

const BOX = '<loc0000><loc0100><loc1023><loc0511>';
const CODES = '<seg007>'.repeat(16);
const caption: Task = { name: 'caption', prompt: 'caption en', maxTokens: 128 };
const detect: Task = { name: 'detect', prompt: 'detect cup', maxTokens: 256, constraint: 'detect' };
const segment: Task = { name: 'segment', prompt: 'segment cup', maxTokens: 512, constraint: 'segment' };

/** The JSON of one input, through the task and the renderer. */
async function ask(
  task: Task,
  answer: string | Error,
  options: Partial<RunOptions> = {},
  picture = 'fixtures/golden/p00_png_224x224.png',
): Promise<Record<string, unknown>> {
  const engine = new FakeEngine(() => {
    if (typeof answer === 'string') return answer;
    throw answer;
  });
  async function* inputs(): AsyncGenerator<{ name: string; pictures: string[] }> {
    yield { name: picture, pictures: [picture] };
  }
  const outputs = runTask(inputs(), task, engine, {
    sampling: { temperature: 0, topP: 1, seed: 0 },
    isConstrained: true,
    locScale: 1023,
    jobs: 1,
    keepsImages: false,
    signal: new AbortController().signal,
    ...options,
  });
  for await (const { result } of outputs) {
    return JSON.parse(createJsonlRenderer().renderResult(result)) as Record<string, unknown>;
  }
  throw new Error('There is no result.');
}

/** What the schema says against a value; empty when it is right. */
function faultsOf(value: unknown): string[] {
  validate(value);
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}

describe('docs/result.schema.json', () => {
  it.each<[string, Promise<Record<string, unknown>>, readonly string[]]>([
    ['a caption', ask(caption, 'two cups'), ['text']],
    ['an empty answer', ask(caption, ''), ['text']],
    ['objects', ask(detect, `${BOX} cup ; ${BOX} mug`), ['detections']],
    ['no objects', ask(detect, ''), ['detections']],
    ['an object without a label', ask(detect, BOX), ['detections']],
    ['masks', ask(segment, `${BOX}${CODES} cup`), ['detections']],
    ['what is no object', ask(detect, '<loc0001><loc0002> cup'), ['rejected']],
    ['a box in a text answer', ask(caption, `see ${BOX} cup`), ['detections', 'text']],
    ['tokens', ask(caption, 'ab', { alternatives: 0 }), ['tokens']],
    ['tokens with alternatives', ask(caption, 'ab', { alternatives: 1 }), ['tokens']],
    ['an answer cut at the limit', ask(caption, 'abc', { maxTokens: 2 }), ['truncated']],
    ['boxes by the other scale', ask(detect, `${BOX} cup`, { locScale: 1024 }), ['detections']],
    ['a missing picture', ask(caption, '', {}, 'gone.jpg'), ['error']],
    ['an engine that failed', ask(caption, new EngineError('ENGINE_DIED', 'It died.')), ['error', 'image']],
    ['a bug', ask(caption, new TypeError('x is undefined')), ['error']],
  ])('allows %s', async (_, result, fields) => {
    expect(faultsOf(await result)).toEqual([]);
    expect(Object.keys(await result)).toEqual(expect.arrayContaining([...fields]));
  });

  it('knows every task, dtype and device', () => {
    const { task, model } = schema.properties;
    expect(task.enum).toEqual([...taskNames]);
    expect(model.properties.dtype.enum).toEqual([...dtypes]);
    expect(['auto', ...model.properties.device.enum].sort()).toEqual([...deviceNames].sort());
  });

  it('refuses a field that it does not know, at any depth', async () => {
    const result = await ask(segment, `${BOX}${CODES} cup ; <loc0001> x`, { alternatives: 1 });
    expect(faultsOf(result)).toEqual([]);
    const places = objectsIn(result);
    expect(places.length).toBeGreaterThan(8);
    for (const place of places) {
      place['unknown'] = 1;
      expect(faultsOf(result)).toEqual([expect.stringContaining('must NOT have additional properties')]);
      delete place['unknown'];
    }
  });

  it('refuses null in any place', async () => {
    const result = await ask(segment, `${BOX}${CODES} cup ; <loc0001> x`, { alternatives: 1 });
    for (const place of objectsIn(result)) {
      for (const [name, value] of Object.entries(place)) {
        place[name] = null;
        expect(faultsOf(result)).not.toEqual([]);
        place[name] = value;
      }
    }
    expect(faultsOf(result)).toEqual([]);
  });

  it('refuses an answer beside an error, and a result with neither', async () => {
    const failed = await ask(caption, '', {}, 'gone.jpg');
    expect(faultsOf({ ...failed, text: 'two cups' })).not.toEqual([]);
    const { text, ...silent } = await ask(caption, 'two cups');
    expect(text).toBe('two cups');
    expect(faultsOf(silent)).not.toEqual([]);
  });
});

/** All objects in a value, itself first. */
function objectsIn(value: unknown): Record<string, unknown>[] {
  if (typeof value !== 'object' || value === null) return [];
  const inner = Object.values(value).flatMap(objectsIn);
  return Array.isArray(value) ? inner : [value as Record<string, unknown>, ...inner];
}
