import { expect, it } from 'vitest';
import { PICTURE, startTestServer } from '../start-test-server.js';

it('says what it does without loading a model or keeping one', async () => {
  const { url, engines, logged } = await startTestServer({ keepAliveMs: 60_000 });
  const get = async (path: string): Promise<unknown> => (await fetch(`${url}${path}`)).json();
  expect(await get('/health')).toMatchObject({ status: 'UP' });
  expect(await get('/v1/status')).toMatchObject({ models: [], requestsUnderWay: 0, maxQueue: 64 });
  expect(await get('/v1/models')).toMatchObject({ object: 'list', data: [{ id: 'demo', object: 'model' }] });
  expect(await get('/v1/models/demo')).toMatchObject({ id: 'demo' });
  expect(await get('/v1/models/none')).toMatchObject({ error: { code: 'model_not_found' } });
  expect(engines).toHaveLength(0);
  await fetch(`${url}/v1/tasks/ask`, {
    method: 'POST',
    body: JSON.stringify({ image: PICTURE, prompt: 'abc' }),
  });
  const before = (await get('/v1/status')) as { models: { expiresAt: string; enginePid: number }[] };
  expect(before).toMatchObject({ models: [{ name: 'one', dtype: 'fp32', device: 'cpu', requests: 0 }] });
  const metrics = await (await fetch(`${url}/metrics`)).text();
  expect(metrics).toContain('pali_requests_total{route="/v1/tasks/ask",task="ask",status="200"} 1\n');
  expect(metrics).toContain('pali_generated_tokens_total 3\n');
  expect(metrics).toContain('pali_prompt_tokens_total 3\n');
  expect(metrics).toContain('pali_first_token_seconds_count 1\n');
  expect(metrics).toContain('route="-",task="-",status="404"');
  expect(Number(/pali_resident_bytes\{process="server"\} (\d+)/.exec(metrics)?.[1])).toBeGreaterThan(1e7);
  // Every line is a comment or a sample.
  expect(metrics.split('\n').filter((line) => !/^(#.*|\w+(\{[^{}]*\})? [\d.e+-]+|)$/.test(line))).toEqual([]);
  const after = (await get('/v1/status')) as typeof before;
  expect(after.models[0].expiresAt).toBe(before.models[0].expiresAt);
  expect(logged.map(({ route, status }) => `${route} ${status}`)).toContain('/v1/tasks/ask 200');
});
