import { describe, expect, it } from 'vitest';
import type { Engine } from '../../src/engine/engine.js';
import type { FoundModel } from '../../src/serve/model-slot.js';
import {
  openFixture,
  PICTURE,
  requestsUnderWay,
  startTestServer,
  until,
  type TestServer,
} from './start-test-server.js';

async function ask(server: TestServer, prompt: string, signal?: AbortSignal): Promise<Response> {
  return fetch(`${server.url}/v1/tasks/ask`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ image: PICTURE, prompt }),
    ...(signal && { signal }),
  });
}

/** The engine that answers with the prompt, and how many of its requests are under way. */
function countingEngine(): { open: (model: FoundModel) => Engine; underWay: () => number } {
  let count = 0;
  const open = openFixture('stream.mjs');
  return {
    underWay: () => count,
    open: (model) => {
      const engine = open(model);
      return {
        ...{
          load: () => engine.load(),
          findImageSize: () => engine.findImageSize(),
          close: () => engine.close(),
        },
        decodeMasks: (codes) => engine.decodeMasks(codes),
        async *ask(request, signal) {
          count++;
          try {
            yield* engine.ask(request, signal);
          } finally {
            count--;
          }
        },
      };
    },
  };
}

describe('under load', () => {
  it('gives everyone their own answer', async () => {
    const server = await startTestServer();
    const prompts = Array.from({ length: 64 }, (_, i) => `prompt ${i}`);
    const answers = await Promise.all(
      prompts.map(async (prompt) => ((await (await ask(server, prompt)).json()) as { text: string }).text),
    );
    expect(answers).toEqual(prompts);
  });

  it('refuses what is too much with 429 and when to come back, and goes on', async () => {
    const server = await startTestServer({ maxQueue: 2, openEngine: openFixture('stream.mjs') });
    const responses = await Promise.all(Array.from({ length: 6 }, () => ask(server, 'x')));
    const statuses = responses.map(({ status }) => status).sort();
    expect(statuses).toEqual([200, 200, 429, 429, 429, 429]);
    const refused = responses.find(({ status }) => status === 429)!;
    expect(refused.headers.get('retry-after')).toBe('1');
    expect(await refused.json()).toMatchObject({ error: { type: 'rate_limit_error', code: 'queue_full' } });
    expect((await ask(server, 'x')).status).toBe(200);
  });

  it('forgets a client that leaves: its place and its tokens', async () => {
    const engine = countingEngine();
    const server = await startTestServer({ openEngine: engine.open });
    const leaving = Array.from({ length: 20 }, async (_, i) => {
      const controller = new AbortController();
      setTimeout(() => controller.abort(), 10 * i);
      return ask(server, 'x', controller.signal).then(
        () => 'answered',
        () => 'left',
      );
    });
    expect(new Set(await Promise.all(leaving))).toEqual(new Set(['left']));
    await until(async () => engine.underWay() === 0 && (await requestsUnderWay(server)) === 0);
  });

  it('forgets a client that leaves in the middle of a stream', async () => {
    const engine = countingEngine();
    const server = await startTestServer({ openEngine: engine.open });
    const response = await fetch(`${server.url}/v1/tasks/ask`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/x-ndjson' },
      body: JSON.stringify({ image: PICTURE, prompt: 'x' }),
    });
    const reader = response.body!.getReader();
    await reader.read();
    await until(() => engine.underWay() === 1);
    await reader.cancel();
    await until(async () => engine.underWay() === 0 && (await requestsUnderWay(server)) === 0);
  });

  it('fails with 503 what a crash of the engine hit, and answers what comes next', async () => {
    const server = await startTestServer({ openEngine: openFixture('crash.mjs') });
    const response = await ask(server, 'exit 3');
    expect(response.status).toBe(503);
    expect(response.headers.get('retry-after')).toBe('1');
    expect(await response.json()).toMatchObject({ error: { code: 'ENGINE_DIED' } });
    expect(await (await ask(server, 'well again')).json()).toMatchObject({ text: 'well again' });
  });

  it('finishes what is under way when it stops, and takes nothing new', async () => {
    const server = await startTestServer({ openEngine: openFixture('stream.mjs') });
    const answer = ask(server, 'x');
    await until(async () => (await requestsUnderWay(server)) === 1);
    const closing = server.close(10_000);
    expect((await answer).status).toBe(200);
    await closing;
    await expect(fetch(`${server.url}/health`)).rejects.toThrow();
  });
});
