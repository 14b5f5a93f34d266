import { afterEach, describe, expect, it } from 'vitest';
import { isRunning } from '../../../src/base/files/file-lock.js';
import { fork, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CancelledError, DamagedFileError, EngineError, InputError } from '../../../src/base/errors.js';
import type { DeviceName } from '../../../src/base/dtype.js';
import { createEngine } from '../../../src/engine/client/engine-client.js';
import type { Engine, EngineEvent } from '../../../src/engine/engine.js';
import { addSampleModel } from '../../support/sample-manifest.js';
import { requestOf } from '../../support/fake-model.js';

const engines: Engine[] = [];
const children: ChildProcess[] = [];

/** An engine whose process is one of fixtures/engines. */
function open(program: string, device: DeviceName = 'cpu', modelFolder = 'a-model'): Engine {
  const engine = createEngine(
    { modelName: 'demo', modelFolder, device },
    {
      childPath: new URL(`../../../fixtures/engines/${program}`, import.meta.url),
      readFacts: async () => ({ dtype: 'fp32', weightBytes: 2e9 }),
      machine: { platform: 'linux', arch: 'x64', hasNvidia: true, hasGraphics: true },
      fork: (path, args, options) => {
        const child = fork(path, args, options);
        children.push(child);
        return child;
      },
    },
  );
  engines.push(engine);
  return engine;
}

async function collect(events: AsyncIterable<EngineEvent>): Promise<EngineEvent[]> {
  const all: EngineEvent[] = [];
  for await (const event of events) all.push(event);
  return all;
}

async function rawOf(engine: Engine, prompt: string): Promise<string> {
  const last = (await collect(engine.ask(requestOf(prompt)))).at(-1);
  return last?.type === 'done' ? last.raw : '';
}

async function errorOf(work: Promise<unknown>): Promise<EngineError> {
  try {
    await work;
  } catch (error) {
    return error as EngineError;
  }
  throw new Error('It did not fail.');
}

afterEach(async () => {
  await Promise.all(engines.splice(0).map((engine) => engine.close()));
  // Nothing may be left behind, whatever a test did.
  const pids = children.splice(0).map((child) => child.pid!);
  expect(pids.filter(isRunning)).toEqual([]);
});

describe('an engine that works', () => {
  it('says what it runs, and starts once', async () => {
    const engine = open('echo.mjs');
    const [first, second] = await Promise.all([engine.load(), engine.load()]);
    expect(first).toMatchObject({ model: 'demo', dtype: 'fp32', device: 'cpu', imageSize: 2 });
    expect(second).toBe(first);
    expect(children).toHaveLength(1);
  });

  it('knows the size of pictures from the folder before anything is started, else from the process', async () => {
    const store = mkdtempSync(join(tmpdir(), 'pali-engine-'));
    try {
      const folder = addSampleModel(store, 'sample', 'fp32');
      expect(await open('echo.mjs', 'cpu', folder).findImageSize()).toBe(448);
      expect(children).toHaveLength(0);
    } finally {
      rmSync(store, { recursive: true });
    }
    expect(await open('echo.mjs').findImageSize()).toBe(2);
  });

  it('streams an answer', async () => {
    const events = await collect(open('echo.mjs').ask(requestOf('dog')));
    expect(events.map(({ type }) => type)).toEqual(['start', 'token', 'token', 'token', 'done']);
    expect(events.at(-1)).toMatchObject({ raw: 'dog', stop: 'eos' });
  });

  it('answers many at the same time in one process', async () => {
    const engine = open('echo.mjs');
    const prompts = Array.from({ length: 20 }, (_, i) => `prompt ${i}`);
    expect(await Promise.all(prompts.map((prompt) => rawOf(engine, prompt)))).toEqual(prompts);
    expect(children).toHaveLength(1);
  });

  it('decodes masks, none for none', async () => {
    const engine = open('echo.mjs');
    expect(await engine.decodeMasks([])).toEqual([]);
    expect(children).toHaveLength(0);
    const masks = await engine.decodeMasks([new Array<number>(16).fill(5), new Array<number>(16).fill(6)]);
    expect(masks.map((mask) => [mask.length, mask[0]])).toEqual([
      [4096, 5],
      [4096, 6],
    ]);
  });

  it('refuses a bad request without starting anything', async () => {
    const error = await errorOf(collect(open('echo.mjs').ask(requestOf('x', { images: [] }))));
    expect(error).toBeInstanceOf(InputError);
    expect(children).toHaveLength(0);
  });

  it('lets the reader leave, and goes on', async () => {
    const engine = open('echo.mjs');
    for await (const event of engine.ask(requestOf('dog'))) if (event.type === 'token') break;
    expect(await rawOf(engine, 'cat')).toBe('cat');
    expect(children).toHaveLength(1);
  });
});

describe('an engine that does not answer', () => {
  it('is left at once when the signal aborts', async () => {
    const engine = open('stall.mjs');
    await engine.load();
    const controller = new AbortController();
    const work = errorOf(collect(engine.ask(requestOf('dog'), controller.signal)));
    setTimeout(() => controller.abort(), 20);
    expect(await work).toBeInstanceOf(CancelledError);
  });

  it('is left at once when it is blocked', async () => {
    const engine = open('blocked.mjs');
    await engine.load();
    const controller = new AbortController();
    const work = errorOf(collect(engine.ask(requestOf('dog'), controller.signal)));
    setTimeout(() => controller.abort(), 20);
    expect(await work).toBeInstanceOf(CancelledError);
  });

  it('is not even started for a signal that was aborted before', async () => {
    const error = await errorOf(collect(open('stall.mjs').ask(requestOf('dog'), AbortSignal.abort())));
    expect(error).toBeInstanceOf(CancelledError);
    expect(children).toHaveLength(0);
  });

  it('is killed by close, which cancels what is pending', async () => {
    const engine = open('stall.mjs');
    await engine.load();
    const asked = errorOf(collect(engine.ask(requestOf('dog'))));
    const masks = errorOf(engine.decodeMasks([new Array<number>(16).fill(0)]));
    await new Promise((resolve) => setTimeout(resolve, 20));
    await engine.close();
    expect(await asked).toBeInstanceOf(CancelledError);
    expect(await masks).toBeInstanceOf(CancelledError);
    expect((await errorOf(engine.load())).code).toBe('ENGINE_CLOSED');
  });

  it('leaves no process when it is closed while it starts', async () => {
    const engine = open('echo.mjs');
    const loading = errorOf(engine.load());
    await engine.close();
    expect(await loading).toBeInstanceOf(CancelledError);
  });
});

describe('an engine that dies', () => {
  it.each([
    ['SIGKILL', 'ENGINE_OUT_OF_MEMORY', 'probably because it ran out of memory'],
    ['SIGSEGV', 'ENGINE_DIED', 'crashed (SIGSEGV'],
    ['SIGABRT', 'ENGINE_DIED', 'crashed (SIGABRT'],
    ['exit 3', 'ENGINE_DIED', 'exit code 3'],
    ['throw', 'ENGINE_DIED', 'exit code 1'],
  ])('of %s fails with a sentence, and the next request has a fresh one', async (prompt, code, words) => {
    const engine = open('crash.mjs');
    const error = await errorOf(collect(engine.ask(requestOf(prompt))));
    expect(error).toBeInstanceOf(EngineError);
    expect(error.code).toBe(code);
    expect(error.message).toContain(words);
    expect(await rawOf(engine, 'cat')).toBe('cat');
    expect(children).toHaveLength(2);
  });

  it('keeps its last words as the cause', async () => {
    const engine = open('crash.mjs');
    const error = await errorOf(collect(engine.ask(requestOf('throw'))));
    expect((error.cause as Error).message).toContain('a bug in the engine');
  });

  it('takes every pending request with it', async () => {
    const engine = open('stall.mjs');
    await engine.load();
    const work = ['a', 'b', 'c'].map((prompt) => errorOf(collect(engine.ask(requestOf(prompt)))));
    await new Promise((resolve) => setTimeout(resolve, 20));
    children[0].kill('SIGKILL');
    for (const error of await Promise.all(work)) expect(error.code).toBe('ENGINE_OUT_OF_MEMORY');
  });

  it('of rubbish that it sends is ended, and replaced', async () => {
    const engine = open('rubbish.mjs');
    const error = await errorOf(collect(engine.ask(requestOf('dog'))));
    expect(error.code).toBe('ENGINE_PROTOCOL');
    await engine.load();
    expect(children).toHaveLength(2);
  });

  it('because its program is missing says so', async () => {
    const error = await errorOf(open('missing.mjs').load());
    expect(error).toBeInstanceOf(EngineError);
    expect((error.cause as Error).message).toContain('missing.mjs');
  });
});

describe('the choice of a device', () => {
  it('falls back to the CPU and says why', async () => {
    const info = await open('devices.mjs', 'auto').load();
    expect(info.device).toBe('cpu');
    expect(info.notes).toHaveLength(2);
    expect(info.notes[0]).toContain('libcublasLt.so.12 is missing');
    expect(info.notes[1]).toContain('libvulkan1 libegl1');
    expect(children).toHaveLength(3);
  });

  it('goes straight to the chosen device after a crash', async () => {
    const engine = open('devices.mjs', 'auto');
    await engine.load();
    const dead = new Promise((resolve) => children[2].once('close', resolve));
    children[2].kill('SIGKILL');
    await dead;
    expect((await engine.load()).notes).toHaveLength(2);
    expect(children).toHaveLength(4);
  });

  it('never falls back from a device that was asked for', async () => {
    const error = await errorOf(open('devices.mjs', 'webgpu').load());
    expect(error).toBeInstanceOf(EngineError);
    expect(error.message).toBe('No supported adapters.');
    expect(error.hint).toContain('libvulkan1 libegl1');
    expect(children).toHaveLength(1);
  });

  it("passes on the engine's own error about the files", async () => {
    const error = await errorOf(open('devices.mjs', 'auto', 'damaged').load());
    expect(error).toBeInstanceOf(DamagedFileError);
    expect(children).toHaveLength(1);
  });
});
