import { describe, expect, it } from 'vitest';
import { CancelledError } from '../../src/base/errors.js';
import type { HubClient } from '../../src/hub/hub-client.js';
import { MAX_TRIES, retry, toTransientStatus, TransientError } from '../../src/hub/retry.js';

const now = Date.parse('2026-01-02T03:04:05Z');

describe('a server that says `not now`', () => {
  it.each([
    { status: 429, headers: { 'retry-after': '12' }, pauseMs: 12_000 },
    { status: 503, headers: { 'retry-after': 'Fri, 02 Jan 2026 03:05:05 GMT' }, pauseMs: 60_000 },
    { status: 429, headers: { ratelimit: '"api";r=0;t=155' }, pauseMs: 155_000 },
    { status: 429, headers: {}, pauseMs: undefined },
    { status: 500, headers: { 'retry-after': 'soon' }, pauseMs: undefined },
    { status: 408, headers: { 'retry-after': '-5' }, pauseMs: undefined },
  ])('is asked again: $status $headers', ({ status, headers, pauseMs }) => {
    expect(toTransientStatus(new Response('', { status, headers }), now)?.pauseMs).toBe(pauseMs);
  });

  it.each([200, 206, 302, 401, 403, 404, 416])('is not one that answers %i', (status) => {
    expect(toTransientStatus(new Response(null, { status }), now)).toBeUndefined();
  });
});

describe('retry', () => {
  const pauses: number[] = [];
  const client = (): HubClient => {
    pauses.length = 0;
    return {
      endpoint: '',
      fetch,
      random: () => 1,
      stallMs: 1,
      clock: { now: () => 0, sleep: async (ms) => void pauses.push(ms) },
    };
  };

  it('gives up after six tries without progress, with pauses that double', async () => {
    let tries = 0;
    const failing = retry(client(), 'It', () => {
      tries++;
      throw new TransientError('no luck');
    });
    await expect(failing).rejects.toMatchObject({
      code: 'DOWNLOAD_FAILED',
      message: 'It could not be fetched: no luck.',
    });
    expect(tries).toBe(MAX_TRIES);
    expect(pauses).toEqual([500, 1000, 2000, 4000, 8000]);
  });

  it('goes on as long as there is progress', async () => {
    let tries = 0;
    const result = await retry(
      client(),
      'It',
      async () => {
        if (++tries < 40) throw new TransientError('cut');
        return 'done';
      },
      undefined,
      { hasProgressed: () => true },
    );
    expect(result).toBe('done');
  });

  it('waits for no server that wants to be left alone for an hour', async () => {
    const failing = retry(client(), 'It', () => Promise.reject(new TransientError('later', 3_600_000)));
    await expect(failing).rejects.toMatchObject({ name: 'NetworkError' });
    expect(pauses).toEqual([]);
  });

  it('speaks of going on only where there is something to go on with', async () => {
    const fail = async (): Promise<never> => Promise.reject(new TransientError('refused'));
    const hintOf = async (work: Promise<unknown>): Promise<string> =>
      work.then(String, (error: { hint: string }) => error.hint);
    expect(await hintOf(retry(client(), 'The file', fail))).toContain('it goes on where it stopped');
    const question = retry(client(), 'The account', fail, undefined, { isQuestion: true });
    expect(await hintOf(question)).toMatch(/run the command again\.$/);
  });

  it('hides no mistake of its own, and hears a cancel', async () => {
    const mistake = retry(client(), 'It', () => Promise.reject(new RangeError('bug')));
    await expect(mistake).rejects.toThrow(RangeError);
    const stop = new AbortController();
    const cancelled = retry(
      client(),
      'It',
      async () => {
        stop.abort();
        throw new TypeError('terminated');
      },
      stop.signal,
    );
    await expect(cancelled).rejects.toThrow(CancelledError);
  });
});
