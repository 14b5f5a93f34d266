import { describe, expect, it } from 'vitest';
import type { Engine, EngineEvent, EngineRequest } from '../../../src/engine/engine.js';
import { createServerPool } from '../../../src/engine/remote/server-pool.js';
import type { ServerAddress } from '../../../src/engine/remote/server-address.js';
import { DIGEST, openFixture, startTestServer, type TestServer } from '../../serve/start-test-server.js';

const request: EngineRequest = {
  images: [{ side: 2, data: new Uint8Array(12) }],
  prompt: 'hello',
  maxTokens: 5,
  sampling: { temperature: 0, topP: 1, seed: 0 },
  alternatives: 0,
};

async function askOnce(pool: Engine, prompt = 'hello'): Promise<EngineEvent[]> {
  const events: EngineEvent[] = [];
  for await (const event of pool.ask({ ...request, prompt })) events.push(event);
  return events;
}

function open(addresses: readonly ServerAddress[], notes: string[] = []): Engine {
  return createServerPool({
    addresses,
    model: { name: 'one' },
    onNote: (note) => notes.push(note),
    pauseMs: 200,
  });
}

function named(name: string, { socket }: TestServer): ServerAddress {
  return { ...socket, name };
}

const answersOf = (server: TestServer): number =>
  server.logged.filter(({ route, status }) => route === '/engine/ask' && status === 200).length;

describe('several servers as one engine', () => {
  it('share the work', async () => {
    const servers = [await startTestServer(), await startTestServer()];
    const pool = open(servers.map((server, i) => named(`s${i}`, server)));
    expect(await pool.load()).toMatchObject({ model: 'one', imageSize: 2, server: '2 servers' });
    const answers = await Promise.all(Array.from({ length: 20 }, (_, i) => askOnce(pool, `p${i}`)));
    expect(answers.map((events) => events.at(-1))).toEqual(
      Array.from({ length: 20 }, (_, i) => expect.objectContaining({ raw: `p${i}` }) as unknown),
    );
    await pool.close();
    for (const server of servers) expect(answersOf(server)).toBeGreaterThan(4);
  });

  it('go on when one of them ends, and tell nothing twice', async () => {
    const failing = await startTestServer({ openEngine: openFixture('stream.mjs') });
    const other = await startTestServer({ openEngine: openFixture('stream.mjs') });
    const notes: string[] = [];
    const pool = open([named('first', failing), named('second', other)], notes);
    const events: EngineEvent[] = [];
    for await (const event of pool.ask(request)) {
      events.push(event);
      if (events.length === 20) await failing.close(0);
    }
    expect(events.filter(({ type }) => type === 'start')).toHaveLength(1);
    expect(events.filter(({ type }) => type === 'token')).toHaveLength(200);
    expect(events.at(-1)).toMatchObject({ type: 'done', device: 'cpu' });
    expect(notes.join()).toContain('The server first');
    await pool.close();
  });

  it('leave one out that has other weights', async () => {
    const right = await startTestServer();
    const wrong = await startTestServer({
      findModel: async () => ({
        name: 'one',
        dtype: 'fp32',
        folder: '.',
        digest: DIGEST.replaceAll('d', 'f'),
        sizeBytes: 1,
      }),
    });
    const notes: string[] = [];
    const pool = open([named('right', right), named('wrong', wrong)], notes);
    await pool.load();
    await Promise.all(Array.from({ length: 6 }, () => askOnce(pool)));
    await pool.close();
    expect(answersOf(wrong)).toBe(0);
    expect(notes).toEqual([
      'The server wrong has another one fp32 than one fp32 of the first: it is not asked.',
    ]);
  });

  it('say why each of them is not asked when none is left', async () => {
    const pool = open([
      { name: 'a', socketPath: '/nowhere/a' },
      { name: 'b', socketPath: '/nowhere/b' },
    ]);
    await expect(askOnce(pool)).rejects.toThrow(
      'No server is left to ask. The server a does not answer: nothing listens there. The server b does not answer: nothing listens there.',
    );
    await pool.close();
  });

  it('ask another one once when an engine dies', async () => {
    const crashing = await startTestServer({ openEngine: openFixture('crash.mjs') });
    const sound = await startTestServer();
    const pool = open([named('crashing', crashing), named('sound', sound)]);
    expect((await askOnce(pool, 'exit 3')).at(-1)).toMatchObject({ raw: 'exit 3' });
    await pool.close();
  });

  it('wait where every queue is full', async () => {
    const server = await startTestServer({ maxQueue: 1, openEngine: openFixture('stream.mjs') });
    const pool = open([named('small', server)]);
    const answers = await Promise.all([askOnce(pool), askOnce(pool)]);
    expect(answers.map((events) => events.at(-1)?.type)).toEqual(['done', 'done']);
    await pool.close();
  });
});
