import OpenAI from 'openai';
import { describe, expect, it } from 'vitest';
import { PICTURE, startTestServer } from '../start-test-server.js';

type Message = OpenAI.Chat.ChatCompletionMessageParam;

function ask(text: string): Message {
  return {
    role: 'user',
    content: [
      { type: 'text', text },
      { type: 'image_url', image_url: { url: PICTURE } },
    ],
  };
}

async function connect(): Promise<OpenAI> {
  const { url } = await startTestServer();
  return new OpenAI({ baseURL: `${url}/v1`, apiKey: 'none', maxRetries: 0 });
}

describe('chat completions, asked by the openai package', () => {
  it('answers a question', async () => {
    const client = await connect();
    const answer = await client.chat.completions.create({ model: 'one', messages: [ask('how many?')] });
    expect(answer).toMatchObject({
      object: 'chat.completion',
      model: 'one',
      choices: [
        { index: 0, finish_reason: 'stop', message: { role: 'assistant', content: 'answer en how many?' } },
      ],
      usage: { prompt_tokens: 19, completion_tokens: 19, total_tokens: 38 },
    });
  });

  it('streams: the role, the words, the end alone, the usage', async () => {
    const client = await connect();
    const stream = await client.chat.completions.create({
      model: 'one',
      messages: [ask('caption en')],
      stream: true,
      stream_options: { include_usage: true },
    });
    const chunks = [];
    for await (const chunk of stream) chunks.push(chunk);
    expect(chunks[0].choices[0].delta.role).toBe('assistant');
    expect(chunks.map(({ choices }) => choices[0]?.delta.content ?? '').join('')).toBe('caption en');
    expect(chunks.at(-2)).toMatchObject({ choices: [{ delta: {}, finish_reason: 'stop' }] });
    expect(chunks.at(-1)).toMatchObject({ choices: [], usage: { total_tokens: 20 } });
    expect(new Set(chunks.map(({ created }) => created)).size).toBe(1);
  });

  it('refuses what it does not understand, by name', async () => {
    const client = await connect();
    const create = (body: object): Promise<unknown> =>
      client.chat.completions
        .create({
          model: 'one',
          messages: [ask('x')],
          ...body,
        } as OpenAI.Chat.ChatCompletionCreateParamsNonStreaming)
        .catch((error: unknown) => error);
    expect(await create({ model: 'three' })).toMatchObject({ status: 404, code: 'model_not_found' });
    expect(await create({ tools: [{ type: 'function', function: { name: 'f' } }] })).toMatchObject({
      status: 400,
      param: 'tools',
    });
    expect(await create({ messages: [{ role: 'user', content: 'hi' }] })).toMatchObject({ status: 400 });
  });
});
