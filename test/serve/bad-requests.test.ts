import { request as requestHttp } from 'node:http';
import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { PICTURE, requestsUnderWay, startTestServer, until, type TestServer } from './start-test-server.js';

interface Refusal {
  readonly status: number;
  readonly error: { readonly message: string; readonly code: string; readonly param: string | null };
}

async function post(server: TestServer, path: string, body: unknown, headers = {}): Promise<Refusal> {
  const response = await fetch(`${server.url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body:
      typeof body === 'string' || body instanceof Uint8Array
        ? (body as Uint8Array<ArrayBuffer>)
        : JSON.stringify(body),
  });
  const { error } = (await response.json()) as Refusal;
  return { status: response.status, error };
}

function chat(content: unknown, fields = {}): object {
  return { model: 'one', messages: [{ role: 'user', content }], ...fields };
}
const picture = { type: 'image_url', image_url: { url: PICTURE } };
const text = { type: 'text', text: 'caption en' };

/** fetch lets nobody choose the Host. */
function getWithHost(server: TestServer, host: string): Promise<number> {
  const { hostname, port } = new URL(server.url);
  return new Promise((resolve, reject) => {
    requestHttp({ hostname, port, path: '/v1/models', headers: { host } }, (response) => {
      response.resume();
      resolve(response.statusCode!);
    })
      .on('error', reject)
      .end();
  });
}

describe('a request that cannot be answered', () => {
  it.each([
    ['a body that is no JSON', 'not json', 400, 'The body is not JSON.'],
    ['an empty body', '', 400, 'The body is empty.'],
    ['JSON that is no object', '[1]', 400, 'The body is JSON, but not an object.'],
    ['no messages', { model: 'one' }, 400, /messages/],
    [
      'a part that is not understood',
      chat([text, { type: 'input_audio' }]),
      400,
      "A part of type 'input_audio'",
    ],
    ['a part without a type', chat([text, 7]), 400, 'A part without a type'],
    ['no picture', chat('how many?'), 400, 'There is no picture'],
    ['no text', chat([picture]), 400, 'has no text'],
    [
      'a picture that is none',
      chat([text, { ...picture, image_url: 'data:image/png;base64,aGVsbG8=' }]),
      400,
      'picture',
    ],
    [
      'base64 that is none',
      chat([text, { ...picture, image_url: 'data:image/png;base64,***' }]),
      400,
      'not base64',
    ],
    [
      'a file of the server',
      chat([text, { ...picture, image_url: 'file:///etc/passwd' }]),
      400,
      'neither a data URI',
    ],
    [
      'a path of the server',
      chat([text, { ...picture, image_url: '/etc/passwd' }]),
      400,
      'neither a data URI',
    ],
    [
      'a private address',
      chat([text, { ...picture, image_url: 'http://127.0.0.1:1/a.png' }]),
      400,
      'this machine',
    ],
    ['an unknown model', chat([text, picture], { model: 'three' }), 404, "There is no model 'three'."],
    ['an unknown field', chat([text, picture], { beams: 4 }), 400, 'beams'],
    ['tools', chat([text, picture], { tools: [{ type: 'function' }] }), 400, 'calls no tools'],
    ['a temperature below 0', chat([text, picture], { temperature: -1 }), 400, 'temperature'],
    ['a language that is none', chat([{ ...text, text: 'caption xx' }, picture]), 400, 'xx'],
    ['top_logprobs without logprobs', chat([text, picture], { top_logprobs: 2 }), 400, 'logprobs: true'],
  ])('chat completions: %s', async (_, body, status, message) => {
    const server = await startTestServer();
    const refusal = await post(server, '/v1/chat/completions', body);
    expect(refusal.error.message).toMatch(message);
    expect(refusal).toMatchObject({ status, error: { param: expect.toSatisfy(isStringOrNull) as unknown } });
    expect(await (await fetch(`${server.url}/v1/status`)).json()).toMatchObject({ requestsUnderWay: 0 });
  });

  it.each([
    ['an unknown route', '/v1/nowhere', {}, 404, 'There is no POST /v1/nowhere.'],
    ['an unknown task', '/v1/tasks/sing', {}, 404, '/v1/tasks/sing'],
    ['a task without a picture', '/v1/tasks/caption', {}, 400, 'There is no picture'],
    ['a task without its things', '/v1/tasks/detect', { image: PICTURE }, 400, 'things is missing'],
    [
      'a task with a misspelt option',
      '/v1/tasks/detect',
      { image: PICTURE, thing: 'cow' },
      400,
      'Did you mean things?',
    ],
    [
      'a task with a wrong number',
      '/v1/tasks/ocr',
      { image: PICTURE, 'max-tokens': 'x' },
      400,
      'whole number',
    ],
    ['an overlay of another kind', '/v1/tasks/ocr?overlay=gif', { image: PICTURE }, 400, 'it is png'],
    [
      'a response to an earlier one',
      '/v1/responses',
      { input: 'x', previous_response_id: 'r' },
      400,
      'Nothing is kept',
    ],
    [
      'a response about a file',
      '/v1/responses',
      { input: [{ type: 'item_reference' }] },
      400,
      'type message',
    ],
    ['a project without labels', '/setup', { schema: '<View/>' }, 400, 'RectangleLabels'],
    ['a prediction without tasks', '/predict', { tasks: [] }, 400, 'tasks'],
  ])('%s', async (_, path, body, status, message) => {
    const refusal = await post(await startTestServer(), path, body);
    expect(refusal.error.message).toContain(message);
    expect(refusal.status).toBe(status);
  });

  it('a body of 100 MB, with its length said or not', async () => {
    const server = await startTestServer();
    const { status, error } = await post(server, '/v1/tasks/ocr', new Uint8Array(100 * 2 ** 20));
    expect({ status, code: error.code }).toEqual({ status: 413, code: 'body_too_large' });
    const piece = new Uint8Array(2 ** 20);
    let pieces = 0;
    const endless = new ReadableStream<Uint8Array>({
      pull: (controller) => (pieces++ < 100 ? controller.enqueue(piece) : controller.close()),
    });
    const init = { method: 'POST', body: endless, duplex: 'half' as const };
    const answer = await fetch(`${server.url}/v1/tasks/ocr`, init).then(
      ({ status: code }) => code,
      // The server hangs up on what comes after its answer.
      () => 413,
    );
    expect(answer).toBe(413);
    expect((await fetch(`${server.url}/health`)).status).toBe(200);
  });

  it('no body at all, and takes one whose length is not said', async () => {
    const server = await startTestServer();
    for (const path of ['/v1/tasks/ocr', '/v1/chat/completions', '/predict', '/engine/picture?side=2']) {
      const headers = { authorization: `Bearer ${server.secret}` };
      const { status } = await fetch(`${server.url}${path}`, { method: 'POST', headers });
      expect([path, status]).toEqual([path, 400]);
    }
    const text = JSON.stringify({ image: PICTURE });
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => {
        for (const char of text.match(/.{1,40}/gs)!) controller.enqueue(Buffer.from(char));
        controller.close();
      },
    });
    const headers = { 'content-type': 'application/json' };
    const init = { method: 'POST', headers, body, duplex: 'half' as const };
    const answer = await fetch(`${server.url}/v1/tasks/ocr`, init);
    expect([answer.status, await answer.json()]).toMatchObject([200, { task: 'ocr', text: 'ocr' }]);
  });

  it('a foreign Host, a page of another site, and a wrong key', async () => {
    const server = await startTestServer({ apiKey: 'right', origins: ['https://ours.example'] });
    expect(await getWithHost(server, 'evil.example')).toBe(403);
    expect(await getWithHost(server, `localhost:${new URL(server.url).port}`)).toBe(401);
    const get = async (headers: Record<string, string>): Promise<number> =>
      (await fetch(`${server.url}/v1/models`, { headers })).status;
    expect(await get({})).toBe(401);
    expect(await get({ authorization: 'Bearer wrong' })).toBe(401);
    expect(await get({ authorization: 'Bearer right' })).toBe(200);
    expect(await get({ authorization: 'Bearer right', origin: 'https://evil.example' })).toBe(403);
    expect(await get({ authorization: 'Bearer right', origin: 'https://ours.example' })).toBe(200);
    expect((await fetch(`${server.url}/health`)).status).toBe(200);
  });

  it('the engine’s own route without the secret', async () => {
    const refusal = await post(await startTestServer(), '/engine/load', { contract: 1 });
    expect(refusal).toMatchObject({ status: 401 });
  });

  it('a client that says nothing is told so and hung up on, and others are not disturbed', async () => {
    const server = await startTestServer({ clientSilenceMs: 300 });
    const { hostname, port } = new URL(server.url);
    const said = await new Promise<string>((resolve, reject) => {
      const socket = connect(Number(port), hostname);
      let received = '';
      socket.setEncoding('utf8').on('data', (piece) => (received += String(piece)));
      socket.on('close', () => resolve(received)).on('error', reject);
      socket.write('POST /v1/tasks/ocr HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\nhalf');
    });
    expect(said).toMatch(/^HTTP\/1\.1 408 /);
    expect(said).toContain('Nothing arrived');
    expect((await fetch(`${server.url}/health`)).status).toBe(200);
    await until(async () => (await requestsUnderWay(server)) === 0);
  });
});

function isStringOrNull(value: unknown): boolean {
  return value === null || typeof value === 'string';
}
