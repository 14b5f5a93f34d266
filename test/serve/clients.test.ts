// The examples of docs/server.md, with the packages that people use.
import { createOpenAI } from '@ai-sdk/openai';
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { HumanMessage } from '@langchain/core/messages';
import { ChatOpenAI } from '@langchain/openai';
import { generateText, streamText } from 'ai';
import OpenAI from 'openai';
import { describe, expect, it } from 'vitest';
import { openFixture, PICTURE, startTestServer } from './start-test-server.js';

const question = [
  {
    role: 'user' as const,
    content: [
      { type: 'text' as const, text: 'how many?' },
      { type: 'image' as const, image: PICTURE },
    ],
  },
];

async function baseUrl(): Promise<string> {
  return `${(await startTestServer()).url}/v1`;
}

describe('clients', () => {
  it('openai: responses, whole and streamed', async () => {
    const client = new OpenAI({ baseURL: await baseUrl(), apiKey: 'none', maxRetries: 0 });
    const input = [
      {
        role: 'user' as const,
        content: [
          { type: 'input_text' as const, text: 'how many?' },
          { type: 'input_image' as const, image_url: PICTURE, detail: 'auto' as const },
        ],
      },
    ];
    const response = await client.responses.create({ model: 'one', input });
    expect(response).toMatchObject({ status: 'completed', output_text: 'answer en how many?' });
    expect(response.usage).toMatchObject({ input_tokens: 19, output_tokens: 19, total_tokens: 38 });
    const types: string[] = [];
    const numbers: number[] = [];
    for await (const event of await client.responses.create({ model: 'one', input, stream: true })) {
      if (event.type !== types.at(-1)) types.push(event.type);
      numbers.push(event.sequence_number);
    }
    expect(types).toEqual([
      'response.created',
      'response.in_progress',
      'response.output_item.added',
      'response.content_part.added',
      'response.output_text.delta',
      'response.output_text.done',
      'response.content_part.done',
      'response.output_item.done',
      'response.completed',
    ]);
    expect(numbers).toEqual(numbers.map((_, i) => i));
  });

  it('openai: probabilities, several answers, stops, JSON', async () => {
    const client = new OpenAI({ baseURL: await baseUrl(), apiKey: 'none', maxRetries: 0 });
    const ask = (text: string, fields: object): Promise<OpenAI.ChatCompletion> =>
      client.chat.completions.create({
        model: 'one',
        messages: [
          {
            role: 'user',
            content: [
              { type: 'text', text },
              { type: 'image_url', image_url: { url: PICTURE } },
            ],
          },
        ],
        ...fields,
      });
    const [choice] = (await ask('ask ab', { logprobs: true, top_logprobs: 2 })).choices;
    expect(choice.logprobs?.content?.map(({ token, logprob, bytes }) => [token, logprob, bytes])).toEqual([
      ['a', -0.5, [97]],
      ['b', -0.5, [98]],
    ]);
    const several = await ask('ask ab', { n: 3, temperature: 1 });
    expect(several.choices.map(({ index, message }) => [index, message.content])).toEqual([
      [0, 'ab'],
      [1, 'ab'],
      [2, 'ab'],
    ]);
    const stopped = await ask('ask one two three', { stop: [' thr', 'x'] });
    expect(stopped.choices[0]).toMatchObject({ finish_reason: 'stop', message: { content: 'one two' } });
    const json = await ask('detect <loc0100><loc0200><loc0500><loc0600> cow', {
      response_format: { type: 'json_object' },
    });
    expect(JSON.parse(json.choices[0].message.content!)).toMatchObject({
      detections: [{ label: 'cow', bins: [100, 200, 500, 600] }],
    });
  });

  it('openai: objects as lines', async () => {
    const client = new OpenAI({ baseURL: await baseUrl(), apiKey: 'none', maxRetries: 0 });
    const answer = await client.chat.completions.create({
      model: 'one',
      messages: [
        {
          role: 'user',
          content: [
            {
              type: 'text',
              text: 'ask <loc0000><loc0000><loc1023><loc1023> cow ; <loc0000><loc0000><loc0512><loc0341> hen',
            },
            { type: 'image_url', image_url: { url: PICTURE } },
          ],
        },
      ],
    });
    // The picture has 3 x 2 pixels.
    expect(answer.choices[0].message.content).toBe('cow 0,0 3,2 0.61\nhen 0,0 1,1 0.61');
    expect(answer.choices[0].message).toMatchObject({
      pali: { detections: [{ label: 'cow' }, { label: 'hen' }] },
    });
  });

  it('AI SDK: responses', async () => {
    const provider = createOpenAI({ baseURL: await baseUrl(), apiKey: 'none' });
    const { text, usage, finishReason } = await generateText({
      model: provider('one'),
      messages: question,
      maxRetries: 0,
    });
    expect(text).toBe('answer en how many?');
    expect(finishReason).toBe('stop');
    expect(usage).toMatchObject({ inputTokens: 19, outputTokens: 19 });
    let streamed = '';
    for await (const piece of streamText({ model: provider('one'), messages: question, maxRetries: 0 })
      .textStream) {
      streamed += piece;
    }
    expect(streamed).toBe('answer en how many?');
  });

  it('AI SDK: chat completions', async () => {
    const provider = createOpenAICompatible({ name: 'pali', baseURL: await baseUrl(), includeUsage: true });
    const { text } = await generateText({ model: provider('one'), messages: question, maxRetries: 0 });
    expect(text).toBe('answer en how many?');
    const stream = streamText({ model: provider('one'), messages: question, maxRetries: 0 });
    let streamed = '';
    for await (const piece of stream.textStream) streamed += piece;
    expect(streamed).toBe('answer en how many?');
    expect(await stream.usage).toMatchObject({ outputTokens: 19 });
  });

  it('LangChain', async () => {
    const model = new ChatOpenAI({
      model: 'one',
      apiKey: 'none',
      maxRetries: 0,
      configuration: { baseURL: await baseUrl() },
    });
    const message = new HumanMessage({
      content: [
        { type: 'text', text: 'how many?' },
        { type: 'image_url', image_url: { url: PICTURE } },
      ],
    });
    const answer = await model.invoke([message]);
    expect(answer.content).toBe('answer en how many?');
    expect(answer.usage_metadata).toMatchObject({ input_tokens: 19, output_tokens: 19 });
    let streamed = '';
    for await (const piece of await model.stream([message])) streamed += piece.text;
    expect(streamed).toBe('answer en how many?');
  });

  it('a form with files, as curl sends it; events as lines; the picture with boxes', async () => {
    const { url } = await startTestServer();
    const file = new Blob([Buffer.from(PICTURE.split(',')[1], 'base64')]);
    const send = (task: string, fields: Record<string, string>, headers = {}): Promise<Response> => {
      const form = new FormData();
      form.append('image', file, '../../a\u0007b.png');
      for (const [name, value] of Object.entries(fields)) form.append(name, value);
      return fetch(`${url}/v1/tasks/${task}`, { method: 'POST', body: form, headers });
    };
    expect(await (await send('caption', { lang: 'es' })).json()).toMatchObject({
      schemaVersion: 1,
      input: 'ab.png',
      task: 'caption',
      text: 'caption es',
      model: { name: 'one' },
    });
    const lines = (await (await send('ask', { prompt: 'hi' }, { accept: 'application/x-ndjson' })).text())
      .trim()
      .split('\n');
    const events = lines.map((line) => (JSON.parse(line) as { event: string }).event);
    expect(events).toEqual(['start', 'token', 'token', 'done']);
    const overlay = await send('detect?overlay=png', { things: '<loc0000><loc0000><loc1023><loc1023> cow' });
    expect(overlay.headers.get('content-type')).toBe('image/png');
    expect(
      Buffer.from(await overlay.arrayBuffer())
        .subarray(1, 4)
        .toString(),
    ).toBe('PNG');
  });

  it('Label Studio: a project, then boxes in percent and a text', async () => {
    const { url } = await startTestServer({ openEngine: openFixture('echo.mjs') });
    const post = async (path: string, body: unknown): Promise<unknown> =>
      (await fetch(`${url}${path}`, { method: 'POST', body: JSON.stringify(body) })).json();
    const thing = '<loc0000><loc0000><loc1023><loc0341> hen';
    const schema = `<View><Image name="img" value="$pic"/>
      <RectangleLabels name="box" toName="img"><Label value="Hen" predicted_values="${thing.replaceAll('<', '&lt;').replaceAll('>', '&gt;')},hen"/></RectangleLabels>
      <TextArea name="words" toName="img"/></View>`;
    expect(await post('/setup', { project: '7.1', schema, hostname: 'http://localhost:8080' })).toMatchObject(
      {
        model_version: expect.stringMatching(/^pali-/) as unknown,
      },
    );
    const { results } = (await post('/predict', {
      project: '7.1',
      tasks: [
        { id: 1, data: { pic: PICTURE } },
        { id: 2, data: { pic: 's3://bucket/a.png' } },
      ],
    })) as { results: { result: Record<string, unknown>[]; error?: string }[] };
    expect(results[0].result).toEqual([
      expect.objectContaining({
        from_name: 'box',
        to_name: 'img',
        type: 'rectanglelabels',
        original_width: 3,
        original_height: 2,
        value: expect.objectContaining({
          x: 0,
          y: 0,
          height: 100,
          rotation: 0,
          rectanglelabels: ['Hen'],
        }) as unknown,
      }),
      expect.objectContaining({ type: 'textarea', value: { text: ['caption en'] } }),
    ]);
    expect(results[1]).toMatchObject({
      result: [],
      error: expect.stringContaining('s3://bucket') as unknown,
    });
  });
});
